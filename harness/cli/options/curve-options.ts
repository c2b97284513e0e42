import type { RecordedCurve, RecordedCurves } from '../../model/curve.js';
import { invalidOption, type PlateauError } from '../../model/errors.js';
import { readSizeBytes } from '../../model/quantity.js';
import type { Limit } from './limit-option.js';
import { readNumber } from './options.js';

/** Whether a curve is called so, with its process or without. */
function isCalled({ metric }: RecordedCurve, name: string): boolean {
  return metric === name || metric.replace(/\{.*$/s, '') === name;
}

/** Curves with the limits that were given, else with their own. @throws {PlateauError} for a limit of none of them */
export function withLimits(recorded: RecordedCurves, limits: readonly Limit[]): RecordedCurves {
  const isOf = (limit: Limit, curve: RecordedCurve) =>
    limit.metric === undefined ? limit.unit === curve.unit : isCalled(curve, limit.metric);
  const limitOf = (curve: RecordedCurve) =>
    limits.findLast((limit) => limit.metric !== undefined && isOf(limit, curve))?.value ??
    limits.findLast((limit) => limit.metric === undefined && isOf(limit, curve))?.value;
  const unused = limits.find((limit) => !recorded.curves.some((curve) => isOf(limit, curve)));
  if (unused !== undefined)
    throw noCurve('--limit', 'a limit', recorded, unused.metric ?? `one in ${unused.unit || 'no unit'}`);
  const curves = recorded.curves.map((curve) => {
    const limit = limitOf(curve) ?? curve.limit ?? (curve.unit === '%' ? 100 : undefined);
    return limit === undefined ? curve : { ...curve, limit };
  });
  return { ...recorded, curves };
}

/**
 * Largest growth that passes, an hour or a row, by the name of the curve: `rss=1MiB`.
 * @throws {PlateauError} for a budget of no curve, or in no unit of its curve
 */
export function curveBudgets(recorded: RecordedCurves, budgets: readonly string[]): Record<string, number> {
  const values: Record<string, number> = {};
  for (const budget of budgets) {
    const [, name = budget, amount = ''] = /^(.+)=([^=]*)$/s.exec(budget) ?? [];
    const named = recorded.curves.filter((curve) => isCalled(curve, name));
    if (named.length === 0) throw noCurve('--budget', 'a budget', recorded, name);
    for (const { metric, unit } of named) values[metric] = budgetOf(metric, unit, amount);
  }
  return values;
}

function budgetOf(metric: string, unit: string, amount: string): number {
  const value = (unit === 'B' ? readSizeBytes : readNumber)(amount);
  if (value !== undefined && value > 0) return value;
  const expected = unit === 'B' ? 'a size above 0 in B, KiB, MiB or GiB' : 'a number above 0';
  throw invalidOption(
    `--budget ${metric}: expected ${expected}, got "${amount}".`,
    `--budget ${metric}=${unit === 'B' ? '1MiB' : '0.5'} is growth by as much in an hour, or in a row`,
  );
}

function noCurve(option: string, what: string, { curves }: RecordedCurves, got: string): PlateauError {
  const named = curves.map(({ metric, unit }) => `${metric} (${unit || 'a number'})`).join(', ');
  return invalidOption(
    `${option}: expected ${what} of ${named}, got ${got}.`,
    `${option} ${curves[0]!.metric}=<value>`,
  );
}
