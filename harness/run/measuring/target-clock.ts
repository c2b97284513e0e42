import { setTimeout as wait } from 'node:timers/promises';
import { invalidOption } from '../../model/errors.js';
import type { AgentConnection, RunningTarget } from '../../model/target.js';
import { closeOverDescendants, readProcessTable } from '../../platform/process-tree.js';
import { clockObstacle, VirtualClock } from '../../runtimes/native/virtual-clock.js';
import { targetOf, type VirtualTimePlan } from './target-definition.js';

/** The clock of a target that was started with virtual time. */
export interface TargetClock {
  /** As the environment of the target names it; absent: that of plateau. */
  readonly timeZone?: string | undefined;
  /** Ahead of real time. */
  readonly movedMs: number;
  /** How often timers fired in jumps, by the time for which they were set, ms; absent where that is not seen. */
  readonly firedByMs?: Readonly<Record<string, number>>;
  /** Resolves when what was due then has been done. */
  moveOn(byMs: number): Promise<void>;
}

const timeoutMs = 120_000;

/** Of a Node target: its agent moves clocks and timers. */
export class NodeClock implements TargetClock {
  movedMs = 0;
  readonly firedByMs: Record<string, number> = {};

  constructor(
    private readonly agent: AgentConnection,
    readonly timeZone: string | undefined,
  ) {}

  async moveOn(byMs: number): Promise<void> {
    const { movedMs, firedByMs } = await this.agent.request('clock.jump', { byMs }, { timeoutMs });
    this.movedMs = movedMs;
    for (const [ms, fired] of Object.entries(firedByMs)) this.firedByMs[ms] = (this.firedByMs[ms] ?? 0) + fired;
  }
}

/** Waits look at the clock ten times a second; what wakes then has as long again to do its work. */
const wakeMs = 400;

/** Of any other program that takes the time from the C library. */
class LibraryClock implements TargetClock {
  movedMs = 0;

  constructor(
    private readonly clock: VirtualClock,
    readonly timeZone: string | undefined,
  ) {}

  async moveOn(byMs: number): Promise<void> {
    this.movedMs = this.clock.moveOn(byMs);
    await wait(wakeMs);
  }
}

/** Made before a command is started; undefined where its clock keeps real time, or its agent moves it. */
export function createVirtualClock(
  { source, parameters, defects }: VirtualTimePlan,
  directory: string,
): VirtualClock | undefined {
  if (!parameters.virtualTime || source.kind !== 'definition') return undefined;
  return 'command' in targetOf(source.scenario, defects) ? VirtualClock.create(directory) : undefined;
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` where a process of the target keeps real time */
export function targetClockOf(
  plan: VirtualTimePlan,
  { agent, isStarted, pid }: RunningTarget,
  virtualClock: VirtualClock | undefined,
): TargetClock | undefined {
  const { source, parameters } = plan;
  if (virtualClock === undefined)
    return agent !== undefined && isStarted && parameters.virtualTime
      ? new NodeClock(agent, timeZoneOf(plan))
      : undefined;
  if (pid !== undefined) checkClocks(pid, source.name);
  return new LibraryClock(virtualClock, timeZoneOf(plan));
}

function timeZoneOf({ source, defects }: VirtualTimePlan): string | undefined {
  if (source.kind !== 'definition') return undefined;
  const target = targetOf(source.scenario, defects);
  return 'env' in target ? target.env?.TZ : undefined;
}

function checkClocks(root: number, name: string): void {
  for (const pid of closeOverDescendants(readProcessTable(), [root]).keys()) {
    const obstacle = clockObstacle(pid);
    if (obstacle === undefined) continue;
    throw invalidOption(
      `--virtual-time: the clock of process ${pid} of ${name} cannot be moved on: ${obstacle}`,
      'leave --virtual-time out, and let the target rest for longer',
    );
  }
}
