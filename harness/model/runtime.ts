import type { MetricValues } from './agent-protocol.js';
import type { EntryExpiry, MemoryManagement } from './run-log.js';
import type { CodeLocation, Suspect } from './run-record.js';

/**
 * A runtime is what a process is written in (Python, Go, the JVM) or what it is (Redis, PostgreSQL). plateau sees every
 * process from outside; a runtime adds what the process itself can report: its live memory after a forced collection,
 * its live objects, and where they were allocated. One folder of `harness/runtimes/` implements one runtime.
 */
export interface Runtime {
  /** As people write it: `Python`, `Go`, `Java`, `C, C++ or Rust`. */
  readonly name: string;
  /** Who gives back its memory: what its pages say, where there is no inside view, depends on that. */
  readonly memory: MemoryManagement;
  /** Whether a running process is of this runtime. Must be cheap: it reads `facts` and nothing else. */
  detect(facts: ProcessFacts): boolean;
  /**
   * What must be added to a command before it is started, so that `connect` works later. Returns nothing where the
   * command is not of this runtime and starts nothing that is. Never writes to the user's files.
   */
  prepare?(launch: Launch): Promise<LaunchAdditions | undefined>;
  /**
   * Opens the inside view of a process.
   * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` with the reason and, as hint, what the user can do
   */
  connect(facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection>;
  /** What this runtime needs on this machine, for `plateau doctor`. */
  requirements?(): Promise<readonly RuntimeRequirement[]>;
}

/** What is known of a process without asking it; all from `/proc`. */
export interface ProcessFacts {
  readonly pid: number;
  /** Absolute path of its executable; absent where it may not be read. */
  readonly executable?: string;
  /** Its command line. */
  readonly arguments: readonly string[];
  /** Absolute paths of the files that it maps (shared libraries above all). */
  readonly mappedFiles: readonly string[];
  /** Where it was started. */
  readonly workingDirectory?: string;
}

/** `measure`: nothing may cost throughput; `cause`: a second, short pass in which allocations may be recorded. */
export type RuntimePurpose = 'measure' | 'cause';

/** A command that is about to be started. */
export interface Launch {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
  /** As the command will see it, without the additions. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly purpose: RuntimePurpose;
  /** Record what native code allocates, beside what the runtime does. */
  readonly nativeMemory?: boolean;
  /** Existing directory, mode 0700, removed after the run: for sockets and small files. Its path is short. */
  readonly directory: string;
}

export interface LaunchAdditions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces the command. */
  readonly command?: readonly [file: string, ...arguments: string[]];
  /** To be shown with the run. */
  readonly warnings?: readonly string[];
}

export interface ConnectContext {
  readonly purpose: RuntimePurpose;
  /** The directory of the launch; a new one where the process was running already. */
  readonly directory: string;
  /** Where the target listens, where that is known: `http://127.0.0.1:8080`. */
  readonly url: string | undefined;
  /** plateau started the process; else it runs on after the run and must be left as it was found. */
  readonly isStarted: boolean;
  /** Notes that a recording is open in a process, until what it returns is called: the next start closes it when this one cannot. */
  noteRecording(pid: number): () => void;
  /** Last lines that the target wrote. */
  lastLines(): readonly string[];
  /** Hears each line that a started target writes, until what it returns is called; some runtimes answer on their log. */
  onLine(listener: (line: string) => void): () => void;
  readonly signal: AbortSignal;
}

/** The inside view of one process. Every call may fail when the process ends; that is no fault of plateau. */
export interface RuntimeConnection {
  /**
   * Forces the runtime's own collection, then reads every metric that it declares in the catalogue. Metrics of several
   * processes of one target are added up. The same metrics must be present at every floor: one that the process has and
   * cannot read now is NaN, and is then asked for again.
   */
  floor(): Promise<MetricValues>;
  /** What is cheap, while the target is driven; no collection. */
  load?(): Promise<MetricValues>;
  /**
   * In the cause pass, after warm-up: begins to record allocations, where that was not on from the start.
   */
  beginRecording?(): Promise<void>;
  /** In the cause pass, at a floor: what is alive now and where it comes from. */
  evidence?(options: { readonly isLast: boolean }): Promise<RuntimeReading>;
  /**
   * Pids of further processes that this connection reports of too, at this moment: workers that only their parent can
   * be asked about. They are not connected by themselves.
   */
  covers?(): readonly number[];
  /** Undoes what `connect` did; also called when the process has ended. */
  close(): Promise<void>;
}

/** The inside view of a whole target: of each of its processes that belongs to a runtime, whenever it was started. */
export interface InsideView {
  /**
   * Connects what is new in the process tree, then adds up the floors of all processes.
   * @returns nothing where one of them lives and does not answer: a sum that lacks a process would be a step in the series
   */
  floor(): Promise<MetricValues>;
  /** What is cheap, added up; nothing where one of them does not answer. */
  load(): Promise<MetricValues>;
  beginRecording(): Promise<void>;
  /** @returns undefined where no process could be asked */
  evidence(options: { readonly isLast: boolean }): Promise<RuntimeReading | undefined>;
  /** What the processes are written in, and who gives back their memory: the least predictable of them decides. */
  recognised(): { readonly names: readonly string[]; readonly memory: MemoryManagement };
  /** What was looked into, and what could not be. */
  audit(): readonly { readonly check: string; readonly ok: boolean; readonly detail: string }[];
  close(): Promise<void>;
}

/** What one process reports of its live memory at one moment of the cause pass. */
export interface RuntimeReading {
  /** Live allocations by the stack that made them. */
  readonly sites: readonly LiveSite[];
  /** Containers and roots whose size can be read; those of the last reading name the holder. */
  readonly holders: readonly LiveHolder[];
  /** Where the allocator is counted: B that it has handed out since the process began, and B of them in use. */
  readonly allocator?: { readonly allocatedBytes: number; readonly liveBytes: number };
  /** To be shown with the causes: what could not be read, and why. */
  readonly warnings: readonly string[];
}

export interface LiveSite {
  /** The same for the same place in every reading. */
  readonly key: string;
  /** Metrics whose growth it explains, by the amount that is alive: `{ heapUsed: 48_000, objects: 1_000 }`. */
  readonly live: MetricValues;
  /** Things that are alive: what comes once a cycle grows by one a cycle. */
  readonly count: number;
  readonly kind: Suspect['kind'];
  /** What is alive, as a plural noun phrase: `dict objects`, `goroutines`, `keys like session:*`. */
  readonly what: string;
  /** Type of the objects, to be joined with a holder. */
  readonly type?: string;
  /** Key of the holder that is known to keep it; else it is looked for by type and by rate. */
  readonly heldBy?: string;
  /** It makes the entries of that holder themselves, others make what hangs on them. */
  readonly makesEntries?: true;
  /** Room that is made ahead, ever more at once: a table that doubles, an arena. Half or more of it is used. */
  readonly isRoom?: true;
  /** Entries of all of it together, where what one takes may change at once: Redis keeps small collections packed. */
  readonly entries?: number;
  /** Much else takes its place too, such as a memory context: what names a thing is shown before it. */
  readonly isUnspecific?: true;
  /** Pages come with each that are not among its bytes: the stack of a thread. */
  readonly keepsPages?: true;
  /** Innermost first; frames of the runtime's own library included, the user's first own frame is found by `isOwn`. */
  readonly stack: readonly StackFrame[];
}

export interface StackFrame extends CodeLocation {
  /** In the user's own code, and not in the runtime or in a package. */
  readonly isOwn: boolean;
}

export interface LiveHolder {
  /** The same for the same holder in every reading. */
  readonly key: string;
  /** `app.sessions`, `Registry.LOCKS`. */
  readonly description: string;
  /** From a root to what is held, each step as the runtime's users write it. */
  readonly path: readonly string[];
  /** Where the holder is declared, where that is known. */
  readonly location?: CodeLocation;
  /** Entries now. */
  readonly entries: number;
  /** Collections of the same kind that are counted as this one, each with the limit that the numbers state. @defaultValue 1 */
  readonly parts?: number;
  /** What an entry keeps alive, on average, where that is known. */
  readonly bytesPerEntry?: number;
  /** Type of what it holds, to be joined with a site. */
  readonly type?: string;
  /** Key of the holder whose entries it is in, where all such are counted as one. */
  readonly within?: string;
  /** Objects that hang on its entries, by their type. */
  readonly contents?: ReadonlyMap<string, number>;
  /** The largest value of each whole number in what hangs on its entries, by its name, where that was read. */
  readonly entryNumbers?: ReadonlyMap<string, number>;
  /** Numbers beside it, one of which may limit its entries. */
  readonly numbers?: readonly HolderNumber[];
  /** The only line that adds to it, where that is known. */
  readonly addedAt?: StackFrame;
  /** What says that its entries go by themselves after a time; null where nothing does, absent where that was not looked for. */
  readonly expiry?: EntryExpiry | null;
}

/** A number that the code of a holder may read. */
export interface HolderNumber {
  readonly name: string;
  readonly value: number;
  /** Beside the holder, so that a name without entries in it is of the holder all the same. */
  readonly isNear: boolean;
  /** Code that takes entries out compares their number with it: a limit, whatever it is called. */
  readonly isCompared?: true;
}

/** A user of this machine. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface RuntimeRequirement {
  readonly check: string;
  readonly ok: boolean;
  /** What is there, or what is missing and what it is needed for. */
  readonly detail: string;
  /** What to do where it is missing. */
  readonly hint?: string;
}
