import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BuiltInTarget, builtScenario, startBuiltIn } from '../support/built-in-target.js';

const warmup = 40;
const cycles = 80;

/** Growth of a gauge over 80 cycles after a warm-up, per cycle. */
async function growth(name: string, defects: readonly string[], gauge: string): Promise<number> {
  const target = await startBuiltIn(`mesh/${name}`, defects);
  await drive(target, warmup);
  const before = await target.floor();
  await drive(target, cycles);
  const after = await target.floor();
  expect(after.gauges.incomingBytesUnaccounted).toBe(0);
  return (after.gauges[gauge]! - before.gauges[gauge]!) / cycles;
}

async function drive(target: BuiltInTarget, count: number): Promise<void> {
  const outcome = await target.drive(count);
  expect(outcome.failures).toEqual([]);
}

test.each([
  ['peers', 'addresses-kept', 'peerAddresses', 1],
  ['peers', 'peer-topics-kept', 'peerTopics', 3],
  ['known-peers', 'wakers-per-poll', 'wakers', 1],
  ['known-peers', 'detached-drivers', 'keepAliveTasks', 1],
  ['roaming-peers', 'addresses-kept', 'peerAddresses', 1],
  ['syncs', 'counters-kept', 'gossipCounters', 1],
  ['subscriptions', 'unsubscribe-noop', 'streamsByTopic', 2],
  ['subscriptions', 'stream-ids-collide', 'forwarderTasks', 1],
  ['fresh-topics', 'unsubscribe-noop', 'topics', 1],
  ['dropped-subscriptions', 'zombie-streams', 'streams', 1],
  ['operations', 'operations-kept', 'operations', 1],
  ['operations', 'seen-ids-kept', 'seenIds', 1],
  ['offline-peers', 'outbox-unbounded', 'queuedMessages', 1],
  ['incoming', 'incoming-dropped', 'incoming', 1],
  ['downloads', 'detached-downloads', 'downloadTasks', 0.5],
  ['event-streams', 'stuck-hub', 'pendingSends', 16],
  ['event-streams', 'notice-on-closed-port', 'receivers', 16],
  ['stream-races', 'retry-on-closed-inbox', 'receivers', 3],
])('%s with %s: gauge %s grows by exactly %d a cycle', async (name, defect, gauge, perCycle) => {
  expect(await growth(name, [defect], gauge)).toBe(perCycle);
  const declared = (await builtScenario(`mesh/${name}`)).defects?.[defect]?.expect;
  expect(declared).toMatchObject({ verdict: 'leak', metric: `gauge.${gauge}`, perCycle });
});

test.each([
  ['known-peers', 'addresses-kept', 'peerAddresses'],
  ['roaming-peers', 'peer-topics-kept', 'peerTopics'],
  ['known-syncs', 'counters-kept', 'gossipCounters'],
])('%s with %s: gauge %s is full after 64 and stays', async (name, defect, gauge) => {
  const target = await startBuiltIn(`mesh/${name}`, [defect]);
  await drive(target, 700);
  const before = (await target.floor()).gauges[gauge]!;
  await drive(target, 100);
  expect((await target.floor()).gauges[gauge]).toBe(before);
});

test.each([
  'peers',
  'known-peers',
  'roaming-peers',
  'syncs',
  'known-syncs',
  'subscriptions',
  'fresh-topics',
  'shared-topics',
  'dropped-subscriptions',
  'deleted-operations',
  'incoming',
  'downloads',
  'healthy-downloads',
  'imports',
  'event-streams',
  'stream-races',
  'churn',
])('%s without defects: all gauges are back where they were, on 4 lanes too', async (name) => {
  const target = await startBuiltIn(`mesh/${name}`);
  await drive(target, warmup);
  const before = await levels(target);
  expect((await target.drive(cycles, { concurrency: 4 })).failures).toEqual([]);
  expect(await levels(target)).toEqual(before);
  await target.stop();
  expect(existsSync(`/proc/${target.process.pid}`)).toBe(false);
  expect(filesOf(target)).toEqual([]);
});

test('operations without defects: both rings are full and stay full', async () => {
  const target = await startBuiltIn('mesh/operations');
  await drive(target, 1_000);
  expect((await target.floor()).gauges).toMatchObject({ operations: 256, seenIds: 256, logs: 64 });
  await drive(target, 100);
  expect((await target.floor()).gauges).toMatchObject({ operations: 256, seenIds: 256, logs: 64 });
});

test('imports with detached-imports: every second cycle leaves half a file and its descriptor', async () => {
  const target = await startBuiltIn('mesh/imports', ['detached-imports']);
  await drive(target, warmup);
  const before = await target.floor();
  expect(filesOf(target)).toHaveLength(warmup / 2);
  await drive(target, cycles);
  const after = await target.floor();
  expect(filesOf(target)).toHaveLength((warmup + cycles) / 2);
  expect(after.openFiles - before.openFiles).toBe(cycles / 2);
  expect(after.openSockets - before.openSockets).toBe(cycles / 2);
});

test('incoming with 256 places that are never given back: refuses everybody once they are taken', async () => {
  const target = await startBuiltIn('mesh/incoming', ['incoming-dropped-until-full']);
  await drive(target, 250);
  expect((await target.drive(50)).created).toBeLessThan(10);
  expect((await target.drive(10)).created).toBe(0);
  expect((await target.floor()).gauges).toMatchObject({ incoming: 256, incomingBytesUnaccounted: 0 });
});

test('shared-topics with leave-topic-early: the stream that is left hears nothing', async () => {
  const target = await startBuiltIn('mesh/shared-topics', ['leave-topic-early']);
  const { failures, created } = await target.drive(10);
  expect(created).toBe(10);
  expect(failures).toMatchObject([{ phase: 'destroy', count: 10 }]);
});

test('defects planted together show together', async () => {
  const defects = ['addresses-kept', 'peer-topics-kept', 'detached-drivers'];
  const target = await startBuiltIn('mesh/peers', defects);
  await drive(target, 30);
  // The peer that stays for the whole run is one of them.
  expect((await target.floor()).gauges).toMatchObject({ peerAddresses: 31, peerTopics: 90, keepAliveTasks: 31 });
});

test.each([
  ['event-streams', 'stuck-hub'],
  ['imports', 'detached-imports'],
  ['peers', 'detached-drivers'],
  ['subscriptions', 'unsubscribe-noop'],
])('SIGTERM in the middle of %s with %s ends it with exit code 0', async (name, defect) => {
  const target = await startBuiltIn(`mesh/${name}`, [defect]);
  await drive(target, 10);
  const driven = target.drive(1_000).catch((error: unknown) => error);
  expect(await target.stop()).toBe(0);
  await driven;
});

/** Levels at a floor, and what the system sees of the process; seen ids are a ring that fills. */
async function levels(target: BuiltInTarget): Promise<Record<string, number>> {
  const { gauges, openFiles, threads } = await target.floor();
  const { streamsOpened, handshakesAbandoned, tasksSpawned, tasksFinished, seenIds, ...rest } = gauges;
  return { ...rest, running: tasksSpawned! - tasksFinished!, openFiles, threads };
}

function filesOf(target: BuiltInTarget): string[] {
  return readdirSync(target.temporaryDirectory, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
}
