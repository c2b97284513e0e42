import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Option } from 'commander';
import { systemClock } from '../../platform/clock.js';
import { drawSeed, seededRandom } from '../../platform/random.js';
import { connectQueue } from '../../queue/connect-queue.js';
import { CommitDirectories } from '../../run/fleet/commit-directories.js';
import { runFleetWorker } from '../../run/fleet/fleet-worker.js';
import { canariesOf, canaryProblem } from '../../run/nightly/canaries.js';
import { sweepLeftovers } from '../../run/sweep-leftovers.js';
import { loadConfiguration } from '../../scenario/load-configuration.js';
import { createRunId } from '../../store/run-id.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import type { AddCommand, CliContext } from '../context.js';
import { durationOption } from '../options/options.js';
import { queueOf } from '../options/queue-option.js';

interface Flags {
  readonly queue?: string;
  readonly config?: string;
  readonly name?: string;
  readonly silence: number;
  readonly out: string;
}

const usualSilenceMs = 30_000;
const entryModule = fileURLToPath(new URL('../night/night-entry.js', import.meta.url));

const help = `
A worker runs in a clone of the repository that the night is of. Where the night is of another commit, that one is
checked out and built beside the work tree. Whoever may write to the queue decides what workers run: give it a password.

Examples:
  $ plateau worker --queue redis://127.0.0.1:6379
  $ PLATEAU_QUEUE=rediss://:secret@queue.internal plateau worker --name rack-7`;

export const addWorkerCommand: AddCommand = (program, act) => {
  program
    .command('worker')
    .description('take entries of nights from a queue, run them here, and send their runs back')
    .option('--queue <url>', 'Redis with the queue (default: the variable PLATEAU_QUEUE)')
    .option('--config <file>', 'configuration (default: plateau.config.ts)')
    .option('--name <name>', 'of this worker (default: host and process)')
    .addOption(
      new Option('--silence <time>', 'without a sign of life for so long its entry is given to another')
        .argParser(durationOption('--silence'))
        .default(usualSilenceMs, '30s'),
    )
    .option('--out <dir>', 'where its runs lie until they are sent', join(defaultOutDirectory, 'worker'))
    .addHelpText('after', help)
    .action(act(work));
};

async function work(context: CliContext, flags: Flags): Promise<number> {
  const { configuration, directory } = await loadConfiguration(context.directory, flags.config);
  const { name = `${hostname()}-${process.pid}`, silence, out } = flags;
  const { notes } = context.output;
  const say = (text: string) => void notes.write(`${text}\n`);
  await sweepLeftovers();
  const connection = await connectQueue(queueOf(flags, context.environment));
  const outDirectory = resolve(context.directory, out, name.replaceAll(/[^\w.-]+/g, '-'));
  const id = createRunId(systemClock.epochMs(), seededRandom(drawSeed()));
  const directories = new CommitDirectories({
    directory: context.directory,
    ...(configuration.build !== undefined && { build: configuration.build }),
    logDirectory: join(outDirectory, 'builds'),
    id,
  });
  say(`Worker ${name} takes entries. Ctrl-C ends it; what it runs then goes to another.`);
  try {
    await context.interruptible((signal) =>
      runFleetWorker({
        connection,
        name,
        outDirectory,
        entryModule,
        silenceMs: silence,
        directories,
        flyCanaries: (night) =>
          canaryProblem(canariesOf(configuration, directory), {
            directory: join(outDirectory, 'canaries'),
            night,
            runner: {
              worker: entryModule,
              verbose: context.verbose,
              command: context.commandLine,
              signal,
              listener: {},
            },
          }),
        signal,
        listener: {
          onTake: (entry) => say(`… ${entry}`),
          onDone: (entry, outcome) => say(`${entry}: ${outcome}`),
          onWarning: say,
        },
      }),
    );
  } finally {
    await directories.close();
    await connection.close();
  }
  return 0;
}
