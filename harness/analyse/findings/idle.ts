import { metricDefinition } from '../../model/metric.js';
import type { RuleName } from '../../model/rule.js';
import type { Manifest, StoredRun } from '../../model/run-log.js';
import type { LevelFinding } from '../../model/run-record.js';
import { type RowFilter, rowsOf, seriesOf } from '../series/floors.js';
import { significant } from './quantity.js';

/** What a resting target may use. */
const defaultBudgets: Readonly<Record<string, number>> = { cpuIdle: 0.2, eventLoopDelay: 50 };
const idleFloors: RowFilter = { kind: 'floor', phases: ['measure', 'null'] };
const loadSamples: RowFilter = { kind: 'load', phases: ['measure'] };
const readingsMin = 4;

/** A budget for the event-loop delay is one while the target is driven, too. */
export function isJudgedUnderLoad({ budgets }: Pick<Manifest, 'budgets'>): boolean {
  return budgets.eventLoopDelay !== undefined;
}

/** Levels that must come back to rest: CPU and event-loop delay while nothing is asked. */
export function judgeIdle(run: StoredRun): readonly LevelFinding[] {
  return Object.keys(defaultBudgets).flatMap((metric) => {
    const atRest = levelFinding(run, metric, idleFloors);
    const underLoad =
      metric === 'eventLoopDelay' && isJudgedUnderLoad(run.manifest)
        ? levelFinding(run, metric, loadSamples)
        : undefined;
    const finding = underLoad?.verdict === 'spinning' || atRest === undefined ? underLoad : atRest;
    return finding === undefined ? [] : [finding];
  });
}

/** A level is above its budget when three quarters of its readings after warm-up are. */
function levelFinding(run: StoredRun, metric: string, filter: RowFilter): LevelFinding | undefined {
  const values = run.samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const series = seriesOf(run.samples, values, rowsOf(run.samples, filter));
  const count = series.values.length;
  if (count < readingsMin) return undefined;
  const settled = series.values.slice(Math.floor(count / 4)).sort();
  const quantile = (share: number) => settled[Math.min(settled.length - 1, Math.floor(share * settled.length))]!;
  const budget = run.manifest.budgets[metric] ?? defaultBudgets[metric]!;
  const [low, middle, high] = [quantile(0.25), quantile(0.5), quantile(0.75)];
  const verdict = low > budget ? 'spinning' : middle <= budget ? 'plateau' : 'inconclusive';
  const unit = metricDefinition(metric)?.unit ?? '';
  const when = filter.kind === 'load' ? 'under load' : 'at rest';
  return {
    kind: 'level',
    metric,
    unit,
    verdict,
    shape: verdict === 'inconclusive' ? 'noisy' : 'flat',
    slope: { estimate: middle, low, high, unit },
    confidence: 0.5,
    budget,
    detectionFloor: budget,
    first: series.values[0]!,
    last: series.values.at(-1)!,
    rounds: settled.length,
    rule: { name: 'idle-level' satisfies RuleName, numbers: { quarterBelow: low, median: middle, budget } },
    warmupRounds: count - settled.length,
    reason: `${significant(middle)} ${unit} ${when} (half of the readings between ${significant(low)} and ${significant(high)}), budget ${budget} ${unit}`,
  };
}
