import type { Command } from 'commander';
import type { ReportContext } from '../../reporters/index.js';
import type { Output } from './display/output.js';

/** What a command is given of the world. */
export interface CliContext {
  readonly output: Output;
  /** The stream below `output.notes`, for views that are drawn over. */
  readonly notesStream: NodeJS.WriteStream;
  /** Working directory. */
  readonly directory: string;
  /** The command line as it was given, for the record. */
  readonly commandLine: string;
  readonly verbose: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Never goes backwards. */
  readonly nowMs: () => number;
  /**
   * Does work that ends early and in good order when its signal is aborted (SIGINT, SIGTERM and the like). Outside of it a
   * signal ends plateau at once, and so does a second one.
   */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** How what a command reports is shown on stdout. */
export function shownOn({ output, verbose, directory }: CliContext): ReportContext {
  return { color: output.report.color, width: output.report.width, verbose, directory };
}

/** Work of a command: what commander passes (arguments, then flags), and the exit code. */
export type CommandHandler<Given extends readonly unknown[]> = (
  context: CliContext,
  ...given: Given
) => Promise<number> | number;

/** Makes a commander action of a handler. */
export type Act = <Given extends readonly unknown[]>(
  handler: CommandHandler<Given>,
) => (...given: [...Given, Command]) => Promise<void>;

/** Each file in `commands/` exports one. */
export type AddCommand = (program: Command, act: Act) => void;
