import { PlateauError } from '../model/errors.js';
import { metricDefinition } from '../model/metric.js';
import type { RunParameters } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { Scenario } from '../model/scenario.js';

const defaults = { rounds: 10_000, durationMs: 120_000, concurrency: 1, confidence: 0.99, universe: 256 } as const;

/** What the scenario and the caller want, with defaults for the rest. The caller wins. */
export function runParameters(options: RunOptions, scenario: Scenario | undefined): RunParameters {
  return {
    cyclesPerRound: options.cycles ?? scenario?.cycles ?? 'auto',
    rounds: options.rounds ?? defaults.rounds,
    durationMs: options.durationMs ?? defaults.durationMs,
    concurrency: options.concurrency ?? scenario?.concurrency ?? defaults.concurrency,
    ...(options.ratePerSecond !== undefined && { ratePerSecond: options.ratePerSecond }),
    untilDecided: options.untilDecided ?? true,
    confidence: options.confidence ?? defaults.confidence,
    thorough: options.thorough ?? false,
    attribution: options.attribution ?? 'on-leak',
    // The functions of a module are given ever-new cycle numbers.
    universe: scenario === undefined ? 'fresh' : (scenario.universe ?? defaults.universe),
    settleMs: scenario?.settle?.afterMs ?? 0,
    ...(options.footprint !== undefined && { footprint: options.footprint }),
    interpreterOnly: false,
  };
}

const sizeUnits: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * Budgets of the scenario and of the caller in base units a cycle; the caller wins.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`, `PLATEAU_INVALID_SCENARIO`
 */
export function runBudgets(options: RunOptions, scenario: Scenario | undefined): Record<string, number> {
  const budgets: Record<string, number> = {};
  for (const [metric, budget] of Object.entries(scenario?.budgets ?? {})) budgets[metric] = budgetValue(metric, budget);
  for (const [metric, budget] of Object.entries(options.budgets ?? {})) {
    if (metricDefinition(metric) === undefined || !(budget >= 0)) {
      throw new PlateauError(
        'PLATEAU_INVALID_OPTION',
        `budget ${metric}: expected a metric and a number of at least 0, got ${budget}`,
        {
          hint: 'e.g. --budget heapUsed=64B or --budget fds=0.01',
        },
      );
    }
    budgets[metric] = budget;
  }
  return budgets;
}

function budgetValue(metric: string, budget: number | string): number {
  if (typeof budget === 'number') return budget;
  const [, value, unit = 'B'] = /^\s*(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB)?\s*$/.exec(budget) ?? [];
  const factor = sizeUnits[unit];
  if (value !== undefined && factor !== undefined) return Number(value) * factor;
  throw new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    `\`budgets.${metric}\` must be a number or a size, got \`${budget}\``,
    {
      hint: 'sizes take B, KiB, MiB or GiB, e.g. "64 B"',
    },
  );
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a defect that the scenario cannot plant */
export function checkDefects(defects: readonly string[], scenario: Scenario | undefined, name: string): void {
  const known = Object.keys(scenario?.defects ?? {});
  for (const defect of defects) {
    if (known.includes(defect)) continue;
    const choice = known.length === 0 ? 'it can plant none' : `expected one of ${known.join(', ')}`;
    throw new PlateauError('PLATEAU_INVALID_OPTION', `scenario ${name} has no defect ${defect}: ${choice}`, {
      hint: '`plateau list` shows the defects of each scenario',
    });
  }
}

/** The command that repeats a run. */
export function rerunCommand(name: string, options: RunOptions, seed: number): string {
  const words = ['plateau run', quote(name), ...(options.defects ?? []).map((defect) => `--defect ${defect}`)];
  if (options.cycles !== undefined) words.push(`--cycles ${options.cycles}`);
  if (options.rounds !== undefined) words.push(`--rounds ${options.rounds}`);
  if (options.durationMs !== undefined) words.push(`--duration ${options.durationMs}ms`);
  if (options.concurrency !== undefined) words.push(`--concurrency ${options.concurrency}`);
  if (options.ratePerSecond !== undefined) words.push(`--rate ${options.ratePerSecond}`);
  for (const [metric, budget] of Object.entries(options.budgets ?? {})) words.push(`--budget ${metric}=${budget}`);
  if (options.untilDecided === false) words.push('--no-until-decided');
  if (options.confidence !== undefined) words.push(`--confidence ${options.confidence}`);
  if (options.thorough) words.push('--thorough');
  if (options.footprint !== undefined)
    words.push(options.footprint === 'auto' ? '--footprint' : `--footprint ${options.footprint}`);
  if (options.baseline !== undefined) words.push(`--baseline ${quote(options.baseline.source)}`);
  return [...words, `--seed ${seed}`].join(' ');
}

function quote(word: string): string {
  return /^[\w./@:-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
