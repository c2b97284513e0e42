/**
 * Runs one entry of a night in a process of its own: what a scenario's module does to this process (it exits, it never
 * yields, it leaks) does nothing to the night, nor to the entries after it. Asked and answered over IPC.
 */
import { relative } from 'node:path';
import type { EntryCommand, EntryMessage, EntryRequest } from '../../model/night-process.js';
import type { RunOptions } from '../../model/run-options.js';
import { isTakenStrayError } from '../../platform/stray-errors.js';
import { runScenario } from '../../run/run-scenario.js';
import { strayProblem } from '../../run/stray-errors.js';
import { loadConfiguration } from '../../scenario/load-configuration.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { loadScenario } from '../../scenario/load-scenario.js';
import { loadRun } from '../../store/load-run.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import { endingSignals } from '../ending-signals.js';
import { describeError } from '../reporting/describe-error.js';
import { leaveReports } from '../reporting/finished-run.js';
import { rememberRun } from '../reporting/remember-run.js';
import { suiteEntries } from '../suite/suite.js';

/** Progress is for a person's eyes. */
const progressMs = 200;

const interruption = new AbortController();
let verbose = false;

function send(message: EntryMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
}

async function fail(error: unknown): Promise<never> {
  const { text, exitCode } = describeError(error, { verbose });
  await send({ kind: 'failed', message: text.trimEnd(), exitCode });
  process.exit(exitCode);
}

// Ctrl-C in a terminal reaches this process too; the night decides what it means.
for (const signal of endingSignals) process.on(signal, () => signal === 'SIGTERM' && interruption.abort());
process.on('disconnect', () => interruption.abort());
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error) => {
    if (!isTakenStrayError(error)) void fail(strayProblem(error));
  });

process.on('message', (command: EntryCommand) => {
  if (command.kind === 'stop') interruption.abort();
  else void run(command).catch(fail);
});

async function run(request: EntryRequest): Promise<void> {
  verbose = request.verbose;
  const { source, options: own } = await sourceOf(request.source);
  let reportedMs = Number.NEGATIVE_INFINITY;
  const options: RunOptions = {
    ...own,
    ...request.options,
    signal: interruption.signal,
    listener: {
      onProgress(progress) {
        if (performance.now() - reportedMs < progressMs) return;
        reportedMs = performance.now();
        void send({ kind: 'progress', progress });
      },
      onWarning: (message) => void send({ kind: 'warning', message }),
    },
  };
  const record = await runScenario(source, options);
  const { outDirectory = defaultOutDirectory } = options;
  const stored = await loadRun(record.id, { outDirectory });
  const notes = { write: (message: string) => void send({ kind: 'warning', message: message.trimEnd() }) };
  const finished = leaveReports({ directory: process.cwd(), output: { notes } }, record, stored);
  await rememberRun({ output: { notes } }, outDirectory, stored, finished.record);
  await send({ kind: 'finished', run: record.id });
  process.exit(0);
}

async function sourceOf(wanted: EntryRequest['source']): Promise<{ source: LoadedScenario; options: RunOptions }> {
  if ('module' in wanted) return { source: { ...(await loadScenario(wanted.module)), name: wanted.name }, options: {} };
  const entries = await suiteEntries(await loadConfiguration(process.cwd(), wanted.configuration));
  const entry = entries.find(({ name }) => name === wanted.entry);
  if (entry !== undefined) return entry;
  const shown = relative(process.cwd(), wanted.configuration);
  throw new Error(`${shown}: expected a scenario ${wanted.entry}, as it had when the night began, got none`);
}
