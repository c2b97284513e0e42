import type { RunOptions, RunProgress } from './run-options.js';

/** What a process that runs one entry of a night is asked to do; everything in it can be sent between processes. */
export interface EntryRequest {
  readonly kind: 'run';
  readonly source:
    | { readonly configuration: string; readonly entry: string }
    /** A function module: a canary. */
    | { readonly module: string; readonly name: string };
  readonly options: Omit<RunOptions, 'signal' | 'listener'>;
  readonly verbose: boolean;
}

/** `stop`: end early and in good order. */
export type EntryCommand = EntryRequest | { readonly kind: 'stop' };

export type EntryMessage =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'finished'; readonly run: string }
  /** No run was made, or it could not be kept. */
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };
