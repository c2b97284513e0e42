import type { AgentHello, AgentMethods, AttachedMethods, HostMethods } from './agent-protocol.js';
import type { AttributionMethods } from './attribution-protocol.js';

/** How a process ended. */
export interface TargetExit {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Ended by plateau, not by itself. */
  readonly expected: boolean;
}

/** Everything that a Node target can be asked. */
export type TargetMethods = AgentMethods & AttachedMethods & HostMethods & AttributionMethods;

/** Asks the agent in a Node target. */
export interface AgentConnection {
  readonly hello: AgentHello;
  /**
   * @throws {PlateauError} `PLATEAU_TARGET_UNRESPONSIVE` after `timeoutMs`, `PLATEAU_TARGET_CRASHED` when the target is gone
   */
  request<Method extends keyof TargetMethods>(
    method: Method,
    params: TargetMethods[Method]['params'],
    options?: { readonly timeoutMs?: number },
  ): Promise<TargetMethods[Method]['result']>;
}

/** The process under soak, as driving and sampling see it. */
export interface RunningTarget {
  readonly pid: number | undefined;
  /** Where it listens, without a trailing slash. */
  readonly url: string | undefined;
  /** Ports that plateau chose for it: a second target of its kind gets others. */
  readonly chosenPorts?: readonly number[];
  readonly temporaryDirectory: string;
  readonly agent: AgentConnection | undefined;
  /** Measure the whole process tree (a command may be a wrapper), not the one process. */
  readonly wholeTree: boolean;
  /** plateau started it, and ends it; else it runs on after the run. */
  readonly isStarted: boolean;
  /** Settles when the process has ended, whoever ended it; never rejects. */
  readonly exited: Promise<TargetExit>;
  /** Last lines of its output. */
  lastLines(): readonly string[];
  /** Hears each line of its output until what it returns is called; of a target that plateau did not start, none. */
  onLine(listener: (line: string) => void): () => void;
  /** Lines that it printed which point at a leak, by kind. */
  leakWarnings(): readonly { readonly line: string; readonly meaning: string; readonly count: number }[];
  /** The stop signal to the process group, then SIGKILL; returns when all of it is gone. */
  stop(): Promise<void>;
}
