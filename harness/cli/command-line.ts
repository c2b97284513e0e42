/** Runs the command that was called, and ends the process with its exit code. */
import { interruptedExitCode } from '../model/exit-codes.js';
import { createRedactor } from '../model/redact.js';
import { shellWords } from '../model/shell-words.js';
import { untilExitIsFree } from '../platform/exit-hold.js';
import { isTakenStrayError } from '../platform/stray-errors.js';
import { ownVersion } from '../run/environment.js';
import { strayProblem } from '../run/stray-errors.js';
import { storeError } from '../store/store-error.js';
import type { CliContext } from './context.js';
import { createOutput } from './display/output.js';
import { endingSignals } from './ending-signals.js';
import { writeErrorLog } from './error-log.js';
import { guardExit, leave } from './leave.js';
import { withEnvironment } from './options/environment-options.js';
import { redactWords } from './options/redact-words.js';
import type { GlobalFlags } from './program.js';
import { describeError, stackOf } from './reporting/describe-error.js';

const { stdout, stderr } = process;
const given = process.argv.slice(2);
const redact = createRedactor(process.env);
/** As it is recorded and shown: without the secrets in it. */
let commandLine = shownWords(given);
const command = given.find((word) => !word.startsWith('-'));
const interruption = new AbortController();
let interruptibleWork = 0;
let exitCode = 0;
let endsAtOnce = false;

guardExit();
// Time limits keep no process alive, and a connection that they watch may be gone: Node would end plateau in mid-run.
setInterval(() => undefined, 2 ** 31 - 1);
// A terminal that is closed sends SIGHUP twice, by its shell and by the kernel: nobody is in a hurry.
for (const signal of endingSignals) process.on(signal, () => end({ isHurried: signal !== 'SIGHUP' }));
// Whoever asked over a channel of Node does not wait for the answer any more, or was killed.
process.once('disconnect', () => end({ isHurried: false }));
if (process.connected === false) end({ isHurried: false });

/** Of a pipe that nobody reads, and of a terminal that was closed. */
const unread: readonly (string | undefined)[] = ['EPIPE', 'EIO'];

// Whoever reads may stop reading (`| head`, a closed terminal); that is no fault, and the exit code still counts.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!unread.includes(error.code)) throw storeError('write', 'stdout', error);
});
// Of what cannot be written to stderr, nothing can be reported, and a verdict counts without its progress.
stderr.on('error', () => undefined);

// Node would end with 1, which means a leak.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    if (isTakenStrayError(error)) return;
    showError(strayProblem(error));
    leave(exitCode);
  });
}

/** @param isHurried a second one means at once; what the target leaves behind is ended by the next start */
function end({ isHurried }: { readonly isHurried: boolean }): void {
  if (interruptibleWork > 0 && !interruption.signal.aborted) {
    interruption.abort();
    return;
  }
  if (!isHurried && (interruption.signal.aborted || endsAtOnce)) return;
  if (endsAtOnce) leave(interruptedExitCode);
  endsAtOnce = true;
  void untilExitIsFree().then(() => leave(interruptedExitCode));
}

async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  interruptibleWork += 1;
  try {
    return await work(interruption.signal);
  } finally {
    interruptibleWork -= 1;
  }
}

function shownWords(words: readonly string[]): string {
  return shellWords(redactWords(['plateau', ...words], redact));
}

function createContext({ color, verbose }: GlobalFlags): CliContext {
  return {
    output: createOutput({ stdout, stderr }, process.env, { color }),
    notesStream: stderr,
    directory: process.cwd(),
    commandLine,
    verbose: verbose === true,
    environment: process.env,
    nowMs: () => performance.now(),
    interruptible,
  };
}

function showError(error: unknown): void {
  const described = describeError(error, {
    verbose: given.includes('--verbose'),
    ...(command !== undefined && { command }),
  });
  exitCode = described.exitCode;
  stderr.write(redact(described.text));
  const log = described.unexpected ? writeErrorLog(`${commandLine}\n${redact(stackOf(error))}\n`) : undefined;
  if (log !== undefined) stderr.write(`Log: ${log}\n`);
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}

try {
  // Loaded here, so that a broken installation is a fault too.
  const { createProgram } = await import('./program.js');
  const { withSummaryReporter } = await import('./options/reporter-option.js');
  const settings = {
    version: ownVersion(),
    createContext,
    onExitCode: (code: number) => {
      exitCode = code;
    },
  };
  const program = await createProgram(settings, given);
  const words = withEnvironment(program, withSummaryReporter(given), process.env);
  commandLine = shownWords(words);
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  showError(error);
}
await Promise.all([written(stdout), written(stderr)]);
leave(exitCode);
