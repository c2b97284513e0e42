import { totalmem } from 'node:os';
import type { MetricValues } from '../../model/agent-protocol.js';
import { readProcFile } from '../../platform/process-stat.js';

/** A leak is driven no further than this part of what the target may use: by then it is decided, or must be. */
const usableShare = 0.6;
const usableMemoryShare = 0.4;
/** Each costs the machine megabytes. */
const threadsMax = 600;
const childrenMax = 300;
/** Rounds that should still fit in; with fewer, rounds are made smaller. */
const wantedRounds = 50;

/** How many more rounds the target can grow at its present pace before it would die of its own leak. */
export class Headroom {
  private before: MetricValues | undefined;
  private readonly limits: Readonly<Record<string, number>>;

  constructor(
    private readonly pid: number | undefined,
    heapLimitBytes: number | undefined,
    { mappingsMax = mappingLimit() }: { readonly mappingsMax?: number } = {},
  ) {
    this.limits = {
      heapUsed: (heapLimitBytes ?? Number.POSITIVE_INFINITY) * usableShare,
      rss: totalmem() * usableMemoryShare,
      fds: descriptorLimit(pid) * usableShare,
      threads: threadsMax,
      children: childrenMax,
      mappings: mappingsMax * usableShare,
    };
  }

  /** Takes note of a floor; `exhausted` names the metric that leaves no room for another round. */
  observe(values: MetricValues): { exhausted?: string; tight: boolean } {
    const { before } = this;
    const now: MetricValues = { ...values, ...(this.pid !== undefined && { mappings: mappingsOf(this.pid) }) };
    this.before = now;
    let tight = false;
    for (const [metric, limit] of Object.entries(this.limits)) {
      const value = now[metric];
      if (value === undefined) continue;
      const growth = value - (before?.[metric] ?? value);
      if (value + Math.max(0, growth) * 1.5 >= limit) return { exhausted: metric, tight: true };
      if (growth > 0 && (limit - value) / growth < wantedRounds) tight = true;
    }
    return { tight };
  }
}

/** Soft limit of open files of a process; unlimited where the system does not show. */
function descriptorLimit(pid: number | undefined): number {
  const limits = readProcFile(`/proc/${pid ?? 'none'}/limits`)?.toString('utf8') ?? '';
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Areas of memory that a process may have mapped: each stack of a thread takes two. Unlimited where the system does not show. */
function mappingLimit(): number {
  return Number(readProcFile('/proc/sys/vm/max_map_count')?.toString('utf8') ?? Number.POSITIVE_INFINITY);
}

/** Lines of a list that may be megabytes long: its bytes are not made into text. */
function mappingsOf(pid: number): number {
  const lineFeed = 10;
  return readProcFile(`/proc/${pid}/maps`)?.reduce((lines, byte) => (byte === lineFeed ? lines + 1 : lines), 0) ?? 0;
}
