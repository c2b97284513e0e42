import type { Cleanroom } from './cleanroom.js';

/** What is there, counted where it is: processes by the system, directories on the disk. */
export async function cleanroomGauges(room: Cleanroom): Promise<Record<string, number>> {
  const { volumes, networks } = await room.runtime.countLeftovers();
  return {
    registered: room.registry.size,
    pendingCleanups: room.tracker.pending,
    fixtures: room.fixtures.size,
    sessions: room.sessions.size,
    scopes: room.scopes.size,
    containers: (await room.runtime.list()).length,
    volumes,
    networks,
    monitors: room.monitors.armed,
    environments: room.environments.alive,
    metricsLoops: room.environments.metricsLoops,
    heldLocks: room.accounts.counts.held,
    waitingForLocks: room.accounts.counts.waiting,
    runners: room.runners.size,
    holders: room.holders.size,
    producers: room.subsystems.producers,
  };
}
