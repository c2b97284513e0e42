import { parentMetric } from '../../harness/model/metric.js';
import type { RunRecord } from '../../harness/model/run-record.js';
import { formatShare } from './number.js';

/** Where suspects account for less than this share, what is left open is shown too. */
const explainedMin = 0.5;

/**
 * How much of what leaks the suspects account for, or that the cause was looked for and not found.
 * @param nameOf a metric as the report shows it
 * @returns undefined where nothing was looked for, or nothing is open
 */
export function explainedText(
  { explained = {}, suspects }: Pick<RunRecord, 'explained' | 'suspects'>,
  nameOf: (metric: string) => string,
): string | undefined {
  // Parts of a metric that is there too say nothing more: `objects.Function` beside `objects`.
  const whole = Object.entries(explained).filter(([metric]) => explained[parentMetric(metric) ?? ''] === undefined);
  const named = (shares: readonly (readonly [string, number])[]) =>
    shares.map(([metric, share]) => `${formatShare(share)} of ${nameOf(metric)}`).join(', ');
  const open = named(whole.flatMap(([metric, share]) => (share < explainedMin ? [[metric, 1 - share] as const] : [])));
  if (suspects.length === 0) return open === '' ? undefined : `cause not found, ${open} unexplained`;
  if (whole.length === 0) return undefined;
  return `${named(whole)} by the suspects above${open === '' ? '' : `; ${open} unexplained`}`;
}
