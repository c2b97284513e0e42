import { defaultUniverse } from '../drive/operation-inputs.js';
import { PlateauError } from '../model/errors.js';
import { makesHistory } from '../model/history.js';
import { metricDefinition } from '../model/metric.js';
import { exactDuration, readSizeBytes } from '../model/quantity.js';
import type { GaugeKind, RunParameters } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { Scenario } from '../model/scenario.js';
import { shellWords } from '../model/shell-words.js';
import { msPerMinute } from '../model/units.js';
import { drivingMs } from './measuring/time-limit.js';

export const runDefaults = { rounds: 10_000, durationMs: 120_000, concurrency: 1, confidence: 0.99 } as const;
/** Driving a day of the target's clock takes about a minute, and several where a floor takes seconds. */
const dayLimitMs = 30 * msPerMinute;

/** What the scenario and the caller want, with defaults for the rest. The caller wins. */
export function runParameters(options: RunOptions, scenario: Scenario | undefined): RunParameters {
  return {
    cyclesPerRound: options.cycles ?? scenario?.cycles ?? 'auto',
    rounds: options.rounds ?? runDefaults.rounds,
    durationMs: drivingLimitMs(options),
    concurrency: options.concurrency ?? scenario?.concurrency ?? runDefaults.concurrency,
    ...(options.ratePerSecond !== undefined && { ratePerSecond: options.ratePerSecond }),
    untilDecided: options.untilDecided ?? (options.driveMs === undefined && options.days === undefined),
    confidence: options.confidence ?? runDefaults.confidence,
    thorough: options.thorough ?? false,
    attribution: options.attribution ?? 'on-leak',
    // The functions of a module are given ever-new cycle numbers.
    universe: scenario === undefined ? 'fresh' : universeOf(scenario),
    settleMs: scenario?.settle?.afterMs ?? 0,
    ...(options.nodeArguments !== undefined && { nodeArguments: [...options.nodeArguments] }),
    ...(options.footprint !== undefined && { footprint: options.footprint }),
    ...(movesClock(options, scenario) && { virtualTime: true }),
    ...(options.days !== undefined && { days: options.days }),
    interpreterOnly: false,
  };
}

/** Where each operation names its inputs, what they are together. */
function universeOf({ operations, universe = defaultUniverse }: Scenario): number | 'fresh' {
  const named = Object.values(operations).map(({ inputs }) => inputs);
  return named.includes(undefined) ? universe : new Set(named.flatMap((inputs) => inputs ?? [])).size;
}

function movesClock({ days, virtualTime, defects = [] }: RunOptions, scenario: Scenario | undefined): boolean {
  if (days !== undefined || virtualTime !== undefined) return days !== undefined || virtualTime === true;
  const { target } = scenario ?? {};
  const definition = typeof target === 'function' ? target({ defects }) : target;
  return definition !== undefined && 'virtualTime' in definition && definition.virtualTime === true;
}

/** Runs of `run` and of nights end within their duration; comparisons and bisections drive that long. */
export function totalLimitMs({ durationMs, purpose }: RunOptions): number | undefined {
  return makesHistory(purpose) ? durationMs : undefined;
}

function drivingLimitMs(options: RunOptions): number {
  const totalMs = totalLimitMs(options);
  const { durationMs = options.days === undefined ? runDefaults.durationMs : options.days * dayLimitMs } = options;
  const limitMs = totalMs === undefined ? durationMs : drivingMs(totalMs);
  return options.driveMs ?? limitMs;
}

/**
 * Budgets of the scenario and of the caller in base units a cycle; the caller wins.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`, `PLATEAU_INVALID_SCENARIO`
 */
export function runBudgets(options: RunOptions, scenario: Scenario | undefined): Record<string, number> {
  const own: Record<string, number> = {};
  for (const [metric, budget] of Object.entries(scenario?.budgets ?? {})) own[metric] = budgetValue(metric, budget);
  const gaugeKinds = gaugeKindsOf(scenario);
  checkBudgets(own, gaugeKinds, 'PLATEAU_INVALID_SCENARIO');
  checkBudgets(options.budgets ?? {}, gaugeKinds);
  return { ...own, ...options.budgets };
}

/** @throws {PlateauError} for a budget that would decide nothing, or that nothing could be shown to keep */
export function checkBudgets(
  budgets: Readonly<Record<string, number>>,
  gaugeKinds: Readonly<Record<string, GaugeKind>>,
  code: 'PLATEAU_INVALID_OPTION' | 'PLATEAU_INVALID_SCENARIO' = 'PLATEAU_INVALID_OPTION',
): void {
  for (const [metric, budget] of Object.entries(budgets)) {
    const problem = budgetProblem(metric, budget, gaugeKinds[metric.replace(/^gauge\./, '')]);
    if (problem !== undefined)
      throw new PlateauError(code, `budget ${metric}: expected ${problem.expected}, got ${problem.got}`, {
        hint: problem.hint,
      });
  }
}

interface BudgetProblem {
  readonly expected: string;
  readonly got: string;
  readonly hint: string;
}

function budgetProblem(metric: string, budget: number, kind: GaugeKind | undefined): BudgetProblem | undefined {
  const definition = metricDefinition(metric);
  const example = 'e.g. --budget heapUsed=64B or --budget fds=0.001';
  if (definition === undefined || definition.channel === 'context')
    return { expected: 'a metric that is judged', got: `\`${metric}\``, hint: example };
  // The upper bound of a slope is never 0; a level at rest may be.
  if (!(definition.channel === 'idle' ? budget >= 0 : budget > 0))
    return {
      expected: `a number ${definition.channel === 'idle' ? 'of at least' : 'above'} 0`,
      got: String(budget),
      hint: `no run can show that something never grows; ${example}`,
    };
  const isJudgedByGrowth = kind === undefined || kind.kind === 'level' || kind.kind === 'bytes';
  if (!metric.startsWith('gauge.') || isJudgedByGrowth) return undefined;
  return kind.kind === 'counter'
    ? {
        expected: 'a gauge that is judged by its growth',
        got: 'one that `gaugeKinds` declares a counter, which may grow and is never judged',
        hint: 'leave the budget out, or the kind: a gauge without one is a level, which must not grow',
      }
    : {
        expected: 'a gauge that is judged by its growth',
        got: `one that \`gaugeKinds\` declares bounded, which is judged by its bound of ${kind.bound}`,
        hint: 'leave the budget out and set the bound, or leave the kind out: a gauge without one is judged by its growth',
      };
}

/** Declared kinds of a scenario's gauges, by name; a kind without a number may be declared by its name alone. */
export function gaugeKindsOf(scenario: Pick<Scenario, 'gaugeKinds'> | undefined): Readonly<Record<string, GaugeKind>> {
  const declared = Object.entries(scenario?.gaugeKinds ?? {});
  return Object.fromEntries(declared.map(([name, kind]) => [name, typeof kind === 'string' ? { kind } : kind]));
}

function budgetValue(metric: string, budget: number | string): number {
  const value = typeof budget === 'number' ? budget : readSizeBytes(budget.trim());
  if (value !== undefined) return value;
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
  const words = ['plateau run', shellWords([name]), ...(options.defects ?? []).map((defect) => `--defect ${defect}`)];
  for (const [fault, share] of Object.entries(options.faults ?? {})) words.push(`--fault ${fault}=${share}`);
  if (options.cycles !== undefined) words.push(`--cycles ${options.cycles}`);
  if (options.rounds !== undefined) words.push(`--rounds ${options.rounds}`);
  if (options.durationMs !== undefined) words.push(`--duration ${exactDuration(options.durationMs)}`);
  if (options.driveMs !== undefined) words.push(`--drive ${exactDuration(options.driveMs)}`);
  if (options.concurrency !== undefined) words.push(`--concurrency ${options.concurrency}`);
  if (options.ratePerSecond !== undefined) words.push(`--rate ${options.ratePerSecond}`);
  for (const [metric, budget] of Object.entries(options.budgets ?? {})) words.push(`--budget ${metric}=${budget}`);
  if (options.untilDecided === false) words.push('--no-until-decided');
  if (options.confidence !== undefined) words.push(`--confidence ${options.confidence}`);
  if (options.thorough) words.push('--thorough');
  if (options.days !== undefined) words.push(`--days ${options.days}`);
  if (options.virtualTime) words.push('--virtual-time');
  if (options.attribution !== undefined) words.push(`--attribution ${options.attribution}`);
  if (options.footprint !== undefined)
    words.push(options.footprint === 'auto' ? '--footprint' : `--footprint ${options.footprint}`);
  for (const flag of options.nodeArguments ?? []) words.push(`--node-option=${shellWords([flag])}`);
  if (options.baseline !== undefined) words.push(`--baseline ${shellWords([options.baseline.source])}`);
  return [...words, `--seed ${seed}`].join(' ');
}
