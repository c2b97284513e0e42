import { PlateauError } from '../model/errors.js';
import { metricDefinition } from '../model/metric.js';
import { readSizeBytes } from '../model/quantity.js';
import type { GaugeKind } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { Scenario } from '../model/scenario.js';

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
