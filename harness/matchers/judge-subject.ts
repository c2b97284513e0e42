import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { invalidOption, PlateauError } from '../model/errors.js';
import type { RunRecord } from '../model/run-record.js';
import { type ScenarioDefinition, scenarioBrand } from '../model/scenario.js';
import { askJudge } from './ask-judge.js';
import type { JudgeAnswer } from './judge-protocol.js';
import { type PlateauOptions, runOptionsOf } from './plateau-options.js';
import { assertRunnerLives, waitingProcesses, whileAwaited } from './test-runner.js';

/** Beyond the time of a run: starting the judge, and the cause of a leak. */
const besidesMs = 10_000;
/** Of a test whose own limit is not seen: what the pages of plateau recommend. */
const usualTimeoutMs = 120_000;
/**
 * Of a function, which is judged as soon as it is decided. A first verdict takes two to five seconds; where ten others wanted each
 * core, that of a heap of 60 MiB took more than a minute.
 */
const functionDurationMsMin = 60_000;

/** What can be judged: a module's path, a scenario, or a function that is called again and again. */
export type PlateauSubject = string | URL | ScenarioDefinition | ((cycle: number) => unknown);

/** The test that asks. */
export interface AskingTest {
  readonly name: string;
  /** Relative paths start here. @defaultValue the working directory */
  readonly directory?: string | undefined;
  /** The command that runs the test again. */
  readonly rerun?: string | undefined;
  /** How long the test may take, where the runner shows it. */
  readonly timeoutMs?: number | undefined;
  readonly color: boolean;
}

export interface Judged {
  readonly record: RunRecord;
  /** `plateau`. */
  readonly passes: boolean;
  /** Something was shown to leak, stall, refuse or spin. */
  readonly fails: boolean;
  /** The run as the command line shows it. */
  readonly report: string;
  /** One line: what was found, and the smallest leak that would have been. */
  readonly summary: string;
}

/**
 * Judges a subject by a real run. A function is called here, in the process of the test, which is measured and judged from another.
 * @throws {PlateauError} for a subject or an option that is none, and for a test that has less time than it needs
 */
export async function judgeSubject(
  subject: PlateauSubject,
  options: PlateauOptions,
  test: AskingTest,
): Promise<Judged> {
  const runOptions = runOptionsOf(options, typeof subject === 'function' ? functionDurationMs(test) : undefined);
  assertTime(runOptions.durationMs, test);
  assertRunnerLives();
  const { color, rerun } = test;
  const plan = { options: runOptions, rerun, color, waiting: waitingProcesses };
  if (typeof subject === 'function') {
    const pid = isMainThread ? process.pid : undefined;
    const attached = { name: test.name, directory: process.cwd(), pid };
    return judgedOf(await askJudge({ ...plan, subject: { function: attached } }, subject));
  }
  if (typeof subject === 'string' || subject instanceof URL)
    return judgedOf(await askJudge({ ...plan, subject: { module: pathOf(subject, test) } }));
  if (typeof subject === 'object' && subject !== null && scenarioBrand in subject) {
    const shown = { outDirectory: runOptions.outDirectory!, color };
    // Its functions run here; what runs them is loaded only then, since it would weigh on every test.
    const [{ runScenario }, { answerOf }] = await Promise.all([
      import('../run/run-scenario.js'),
      import('./judge-run.js'),
    ]);
    return judgedOf(
      await answerOf(() => runScenario(subject, { ...runOptions, signal: whileAwaited(waitingProcesses) }), shown),
    );
  }
  throw invalidOption(
    `toPlateau: expected a function, the path of a module, or a scenario made by defineScenario, got ${kindOf(subject)}`,
    'wrap an expression into a function: expect(() => cache.get(key())).toPlateau()',
  );
}

function judgedOf(answer: JudgeAnswer): Judged {
  if ('error' in answer) {
    const { message, hint } = answer.error;
    throw new PlateauError('PLATEAU_INVALID_OPTION', message, hint === undefined ? {} : { hint });
  }
  const { record, report, floor } = answer;
  const passes = record.verdict === 'plateau';
  const fails = record.exitCode === 1;
  const seen = floor === undefined ? '' : `; would have found ${floor}`;
  const summary = `${record.scenario}: ${record.verdict}, ${record.counts.cycles} cycles${seen}`;
  return { record, passes, fails, report, summary };
}

/** As long as the test may take. */
function functionDurationMs({ timeoutMs = usualTimeoutMs }: AskingTest): number {
  const isLimited = timeoutMs > 0 && Number.isFinite(timeoutMs);
  return Math.max(functionDurationMsMin, (isLimited ? timeoutMs : usualTimeoutMs) - besidesMs);
}

function assertTime(durationMs: number | undefined, { timeoutMs }: AskingTest): void {
  if (durationMs === undefined || timeoutMs === undefined || timeoutMs <= 0) return;
  if (timeoutMs >= durationMs + besidesMs) return;
  throw invalidOption(
    `toPlateau: expected a test with at least ${durationMs + besidesMs} ms, got one with ${timeoutMs} ms: it may be measured for ${durationMs} ms`,
    'set testTimeout to 120_000 in the project of the soak tests, or give `duration` a smaller value',
  );
}

/** Relative to the test, as an import is, or to the working directory, as on the command line. */
function pathOf(subject: string | URL, { directory }: AskingTest): string {
  if (subject instanceof URL || subject.startsWith('file:')) return fileURLToPath(subject);
  const besideTest = resolve(directory ?? '.', subject);
  return existsSync(besideTest) ? besideTest : resolve(subject);
}

function kindOf(subject: unknown): string {
  if (subject === null || typeof subject !== 'object') return `${subject} (${typeof subject})`;
  return `an object of ${subject.constructor?.name ?? 'no class'}`;
}
