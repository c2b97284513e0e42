import { join } from 'node:path';
import type { MetricValues } from '../../model/agent-protocol.js';
import { readProcFile } from '../../platform/process-stat.js';

const processes = '/proc';

/**
 * The control group (v2) of a process, as containers and services have one: what the kernel counts as its memory, and how
 * often it killed in it for memory.
 */
export class ControlGroup {
  private constructor(
    private readonly directory: string,
    /** plateau lives in another group: what the group uses is the target's. */
    private readonly isOwn: boolean,
  ) {}

  /** @returns undefined where the process is in no group whose memory is counted, or has ended */
  static of(pid: number, proc = processes): ControlGroup | undefined {
    const mount = readText(join(proc, 'self/mountinfo'))
      ?.split('\n')
      .find((line) => line.includes(' - cgroup2 '))
      ?.split(' ')[4];
    const path = pathOf(join(proc, String(pid)));
    if (mount === undefined || path === undefined) return undefined;
    const directory = join(mount, path);
    if (readText(join(directory, 'memory.current')) === undefined) return undefined;
    return new ControlGroup(directory, path !== pathOf(join(proc, 'self')));
  }

  /** Of a group of the target's own: page cache counts as memory of a group, until others need it. */
  read(): MetricValues {
    if (!this.isOwn) return {};
    const values: MetricValues = {};
    for (const [metric, file] of [
      ['groupMemory', 'memory.current'],
      ['groupPeakMemory', 'memory.peak'],
    ] as const) {
      const bytes = Number(readText(join(this.directory, file)) ?? Number.NaN);
      if (Number.isFinite(bytes)) values[metric] = bytes;
    }
    const { kills } = this;
    if (kills !== undefined) values.oomKills = kills;
    return values;
  }

  /** Processes of the group that were killed for memory so far; undefined where that is not shown, or it is gone. */
  get kills(): number | undefined {
    const kills = /^oom_kill (\d+)$/m.exec(readText(join(this.directory, 'memory.events')) ?? '')?.[1];
    return kills === undefined ? undefined : Number(kills);
  }

  /** Most memory that the group may have, bytes; undefined where it has no limit of its own. */
  get limitBytes(): number | undefined {
    const limit = Number(readText(join(this.directory, 'memory.max')) ?? Number.NaN);
    return Number.isFinite(limit) ? limit : undefined;
  }
}

function pathOf(directory: string): string | undefined {
  return /^0::(\/.*)$/m.exec(readText(join(directory, 'cgroup')) ?? '')?.[1];
}

function readText(file: string): string | undefined {
  return readProcFile(file)?.toString('utf8').trimEnd();
}
