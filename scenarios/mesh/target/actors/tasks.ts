/** Its signal fires when nobody wants the work any more. */
export type Work = (signal: AbortSignal) => Promise<void>;

export interface Task {
  /** Settles when the work has; never rejects. */
  readonly finished: Promise<void>;
  cancel(): void;
}

export interface SpawnOptions {
  /** Cancelled after this time. */
  readonly timeoutMs?: number;
}

/** Work that goes on beside the requests. */
export interface Tasks {
  /** Since the start; what was spawned and has not finished is still running. */
  readonly spawned: number;
  readonly finished: number;
  spawn(work: Work, options?: SpawnOptions): Task;
  /** Resolves when nothing is running that could be stopped. */
  close(): Promise<void>;
}
