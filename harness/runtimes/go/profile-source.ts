/** Where the profiles of a Go process come from. */
export interface ProfileSource {
  /**
   * Text of a profile, as `runtime/pprof` writes it.
   * @returns undefined where this version of Go has no such profile
   * @throws when the process does not answer
   */
  read(name: ProfileName, options: ProfileOptions): Promise<string | undefined>;
  close(): void;
}

export type ProfileName = 'heap' | 'goroutine' | 'goroutineleak';

export interface ProfileOptions {
  /** 1: a line a distinct stack, 2: a stack each. */
  readonly debug: 1 | 2;
  /** Collect garbage first. */
  readonly collect?: true;
}

/** A process that is stopped or starved; one that merely collects a large heap answers within seconds. */
export const answerTimeoutMs = 60_000;
