/** One open descriptor of a process. */
export interface OpenDescriptor {
  readonly pid: number;
  readonly descriptor: number;
  /** `file`, `directory`, `deleted`, `device`, `pipe`, `tcp`, `udp`, `unix`, `socket`, `eventpoll`, ...: `fds.<kind>`. */
  readonly kind: string;
  /** Path, `local -> peer (state)` of a socket, or what the kernel calls it. */
  readonly description: string;
}

export interface DescendantProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** Command line, or the name where there is none. */
  readonly command: string;
  /** Ended, but its parent has not waited for it. */
  readonly zombie: boolean;
}

/** What can be listed of a target from outside, at one moment. Lists are bounded; `totals` are not. */
export interface OutsideView {
  readonly descriptors: readonly OpenDescriptor[];
  readonly children: readonly DescendantProcess[];
  /** Threads by name; those of one pool share theirs. */
  readonly threads: readonly { readonly name: string; readonly count: number }[];
  /** Paths relative to the target's temporary directory. */
  readonly temporaryFiles: readonly string[];
  readonly totals: { readonly descriptors: number; readonly children: number; readonly temporaryFiles: number };
}
