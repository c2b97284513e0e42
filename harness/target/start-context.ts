import type { Redact } from '../model/redact.js';
import type { Account, Launch, LaunchAdditions } from '../model/runtime.js';

/** What starting a target needs to know besides its definition. */
export interface StartContext {
  /** For messages. */
  readonly name: string;
  /** Relative scripts and working directories start here. */
  readonly baseDirectory: string;
  /** Where it stands which processes are the run's, and which inspectors it has had opened. */
  readonly ownerDirectory: string;
  /** The target's own. */
  readonly temporaryDirectory: string;
  /** Where a server that plateau sets up keeps its data: removed after the run, and none of the target's temporary files. */
  readonly dataDirectory: string;
  /** Value of `PLATEAU_OWNER` in the target's environment. */
  readonly ownerMarker: string;
  /** Where the target's output goes. */
  readonly logPath: string;
  /** Takes secrets out of that output. */
  readonly redact: Redact;
  readonly interpreterOnly: boolean;
  /** Further environment of Node targets, e.g. to switch attribution on. */
  readonly agentEnvironment?: Readonly<Record<string, string>>;
  /** What the inside view of a command needs to be started with; absent: nothing. */
  readonly prepareLaunch?: (
    command: Omit<Launch, 'purpose' | 'nativeMemory' | 'directory'>,
  ) => Promise<LaunchAdditions>;
  /** Environment of a server that plateau sets up for an account of the machine; absent: nothing. */
  readonly prepareServer?: (account: Account | undefined) => Promise<Record<string, string>>;
  /** Pid that listens on a port of this machine; finds the process of a `url` target. */
  readonly findListener: (port: number) => number | undefined;
  /** Takes what the user should know, in a sentence. */
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
}
