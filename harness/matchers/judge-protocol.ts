import type { RunRecord } from '../model/run-record.js';
import type { ProcessIdentity } from '../platform/process-identity.js';
import type { MatcherRunOptions } from './plateau-options.js';

/** Descriptor of the judging process over which it asks the test's process. */
export const subjectDescriptor = 3;

/** What a judging process is asked to do: its only argument, as JSON. */
export interface JudgePlan {
  readonly subject: { readonly module: string } | { readonly function: AttachedSubject };
  readonly options: MatcherRunOptions;
  /** Shown as the command that repeats the run. */
  readonly rerun: string | undefined;
  readonly color: boolean;
  /** The run ends when one of them does. */
  readonly waiting: readonly ProcessIdentity[];
}

export interface AttachedSubject {
  readonly name: string;
  readonly directory: string;
  /** Absent where the function runs in a worker thread: what is seen of the process is not its own. */
  readonly pid: number | undefined;
}

/** What it answers on stdout, as JSON. */
export type JudgeAnswer =
  | { readonly record: RunRecord; readonly report: string; readonly floor: string | undefined }
  | { readonly error: { readonly message: string; readonly hint: string | undefined } };
