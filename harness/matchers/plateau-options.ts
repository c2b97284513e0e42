import { invalidOption } from '../model/errors.js';
import { readDurationMs, readSizeBytes } from '../model/quantity.js';
import type { RunOptions } from '../model/run-options.js';

/** How a subject is judged; everything has a default. */
export interface PlateauOptions {
  /** Largest slope that passes, by metric: a number in base units a cycle, or a size such as `'64 B'`. */
  readonly budgets?: Readonly<Record<string, number | string>>;
  /**
   * Longest time in all: ms, or text such as `'30s'`. @defaultValue for a function what its test may take, less 10 s: 110 s
   * where that is not seen, as in Jest and node:test; for a module or a scenario as `plateau run`
   */
  readonly duration?: number | string;
  /** Cycles under way at once; of modules and scenarios. @defaultValue 1 */
  readonly concurrency?: number;
  /** @defaultValue drawn at random and shown in a failure */
  readonly seed?: number;
  /** @defaultValue 0.99 */
  readonly confidence?: number;
  /** Where runs that fail stay. @defaultValue `.plateau/tests` in the working directory */
  readonly outDirectory?: string;
}

/** The part of {@link RunOptions} that crosses to another process. */
export type MatcherRunOptions = Pick<
  RunOptions,
  'budgets' | 'durationMs' | 'concurrency' | 'seed' | 'confidence' | 'outDirectory' | 'command'
>;

const outDirectory = '.plateau/tests';

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` */
export function runOptionsOf(options: PlateauOptions, durationMsDefault?: number): MatcherRunOptions {
  const durationMs = options.duration === undefined ? durationMsDefault : durationOf(options.duration);
  const { concurrency, seed, confidence } = options;
  return {
    outDirectory: options.outDirectory ?? outDirectory,
    budgets: budgetsOf(options.budgets ?? {}),
    ...(durationMs !== undefined && { durationMs }),
    ...(concurrency !== undefined && { concurrency }),
    ...(seed !== undefined && { seed }),
    ...(confidence !== undefined && { confidence }),
  };
}

function durationOf(duration: number | string): number {
  const durationMs = typeof duration === 'number' ? duration : readDurationMs(duration);
  if (durationMs !== undefined && Number.isFinite(durationMs) && durationMs > 0) return durationMs;
  throw invalidOption(
    `toPlateau: \`duration\` expected ms above 0, or a time such as '30s', got ${JSON.stringify(duration)}`,
    "e.g. { duration: '30s' }",
  );
}

function budgetsOf(budgets: Readonly<Record<string, number | string>>): Record<string, number> {
  const inBaseUnits: Record<string, number> = {};
  for (const [metric, budget] of Object.entries(budgets)) {
    const value = typeof budget === 'number' ? budget : readSizeBytes(budget);
    if (value === undefined)
      throw invalidOption(
        `toPlateau: \`budgets.${metric}\` expected a number or a size, got ${JSON.stringify(budget)}`,
        "e.g. { budgets: { heapUsed: '64 B', fds: 0.001 } }",
      );
    inBaseUnits[metric] = value;
  }
  return inBaseUnits;
}
