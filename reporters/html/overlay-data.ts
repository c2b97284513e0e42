import type { Comparison } from '../../harness/model/comparison.js';
import { metricDefinition } from '../../harness/model/metric.js';
import type { SampleTable } from '../../harness/model/sample.js';
import { changedMetrics } from '../comparison/wording.js';
import { judgedValues } from './chart-data.js';
import { type PackedNumbers, packNumbers } from './packed-numbers.js';

/** Samples of both runs of a comparison. */
export interface ComparisonSamples {
  readonly before: SampleTable;
  readonly after: SampleTable;
}

interface OverlaySide {
  readonly cycles: PackedNumbers;
  readonly values: PackedNumbers;
  /** Both ends of the line that the slope is. */
  readonly slope?: { readonly cycles: readonly number[]; readonly values: readonly number[] };
}

/** One metric of two runs as the page draws it. */
export interface OverlayData {
  readonly metric: string;
  readonly unit: string;
  readonly before: OverlaySide;
  readonly after: OverlaySide;
  /** Changed or leaks: shown before the others. */
  readonly changed: boolean;
}

/** Curves of both runs on the same cycles: what changed first, then speed, then the rest. */
export function overlayData(comparison: Comparison, { before, after }: ComparisonSamples): OverlayData[] {
  const changed = new Set(changedMetrics(comparison).map(({ metric }) => metric));
  const speeds = comparison.performance.map(({ metric }) => metric);
  const rest = comparison.metrics.map(({ metric }) => metric);
  const compared = new Map(comparison.metrics.map((metric) => [metric.metric, metric]));
  return [...new Set([...changed, ...speeds, ...rest])].flatMap((metric) => {
    if (!before.metrics.has(metric) || !after.metrics.has(metric)) return [];
    const found = compared.get(metric);
    const overlay: OverlayData = {
      metric,
      unit: found?.unit ?? metricDefinition(metric)?.unit ?? '',
      before: sideOf(before, metric, found?.before?.slope),
      after: sideOf(after, metric, found?.after?.slope),
      changed: changed.has(metric) || speeds.includes(metric),
    };
    return [overlay];
  });
}

function sideOf(
  samples: SampleTable,
  metric: string,
  slope: { estimate: number; unit: string } | undefined,
): OverlaySide {
  const values = judgedValues(samples, metric);
  const rows: number[] = [];
  for (let row = 0; row < samples.length; row += 1) {
    const judged = samples.phases[row] === 'measure' || (samples.phases[row] === 'census' && metric !== 'heapUsed');
    if (samples.kinds[row] === 'floor' && judged && Number.isFinite(values[row]!)) rows.push(row);
  }
  const cycles = rows.map((row) => samples.cycles[row]!);
  const floors = rows.map((row) => values[row]!);
  const line = slope?.unit.endsWith('/cycle') ? lineThrough(cycles, floors, slope.estimate) : undefined;
  return { cycles: packNumbers(cycles), values: packNumbers(floors), ...(line && { slope: line }) };
}

/** From a quarter of the cycles on, through the middle of what was read there. */
function lineThrough(cycles: readonly number[], values: readonly number[], slope: number): OverlaySide['slope'] {
  const last = cycles.at(-1);
  const from = last === undefined ? -1 : cycles.findIndex((at) => at >= last / 4);
  if (last === undefined || from < 0 || cycles.length - from < 2) return undefined;
  const rests = values.slice(from).map((value, index) => value - slope * cycles[from + index]!);
  const level = [...rests].sort((one, other) => one - other)[rests.length >> 1]!;
  const ends = [cycles[from]!, last];
  return { cycles: ends, values: ends.map((at) => level + slope * at) };
}
