import type { MetricValues } from '../../model/agent-protocol.js';
import type { ProcessIdentity } from '../../platform/process-identity.js';

/** What is looked at. */
export interface OutsideTarget {
  readonly pid: number;
  /** Sum over the process tree; else the one process, and only `children` looks at the tree. */
  readonly wholeTree: boolean;
  /** `pss` and `uss` are read at every floor, since nothing else says how much memory the target keeps. */
  readonly memoryDecides?: boolean;
  /** Counted in `tempFiles`; absent: not counted. */
  readonly temporaryDirectory?: string;
  /** plateau has started it, so that it may be marked: see {@link OutsideProbe.watchPeakMemory}. */
  readonly isStarted?: boolean;
  /** Run that the target's environment is marked with: its descendants are then found wherever they went. */
  readonly runId?: string;
}

export interface UnavailableMetric {
  /** Contract name, families as `fds.*`. */
  readonly metric: string;
  readonly reason: string;
}

/** CPU in a window of time, in ms of one core. */
export interface CpuUse {
  readonly targetMs: number;
  /** Of everything on this machine, the target too; absent where the kernel does not show. */
  readonly machineMs?: number;
  readonly windowMs: number;
}

/**
 * Sees a process from outside.
 * `light`, for load samples: `rss`, `rssAnonymous`, `fds`, `threads`, `cpu`; about 25 us however large the target is.
 * `floor`: also `pss`, `uss`, `fds.<kind>`, `sockets.<state>`, `children` and `tempFiles`. Kinds of many descriptors, and
 * `pss` and `uss` of much memory unless they decide, are left out of floors that follow too closely on each other.
 */
export interface OutsideProbe {
  read(options: { readonly detail: 'light' | 'floor' }): Promise<MetricValues>;
  /** Cores used in a window in which nothing is asked of the target; undefined when it cannot be seen. */
  measureIdleCpu(windowMs: number, signal?: AbortSignal): Promise<number | undefined>;
  /**
   * CPU from now on until the answer is called.
   * @returns undefined where it is not known
   */
  watchCpu(): () => CpuUse | undefined;
  /**
   * The most memory that is resident at once, from now on until the answer is called, in B.
   * @returns undefined where it is not known, and of processes that plateau did not start: their marks are left alone
   */
  watchPeakMemory(): () => number | undefined;
  /**
   * Whether the kernel has killed for memory in the target's control group since the probe was opened, and the limit of the
   * group; undefined where it has not, or does not show.
   */
  killedForMemory(): { readonly limitBytes?: number } | undefined;
  /** Metrics that the last reading could not give, and why. */
  unavailable(): readonly UnavailableMetric[];
  /** Of the target, those that were running at the last floor. */
  readonly descendants: readonly ProcessIdentity[];
  close(): void;
}
