import { slopeFindings } from '../../harness/analyse/decide/reconcile.js';
import { lookSchedule } from '../../harness/analyse/next/looks.js';
import { leastSquares } from '../../harness/analyse/statistics/least-squares.js';
import type { StoredRun } from '../../harness/model/run-log.js';
import { SampleTableBuilder } from '../../harness/model/sample-table.js';
import { type Random, seededRandom } from '../../harness/platform/random.js';
import type { RecordedRun } from './recorded-run.js';
import type { Section } from './section.js';
import { markdownTable, share } from './tally.js';

const seriesWanted = 10_000;
const floors = 120;
/** Floors that are drawn together, so that what follows on each other in a real run does so here. */
const blockFloors = 6;
/** Fewer settled floors than this are too few to draw from. */
const settledMin = 16;

/** Scatter of one metric of a sound run around its own line, after warm-up: what a series without growth looks like. */
interface Scatter {
  readonly metric: string;
  readonly residuals: Float64Array;
  readonly level: number;
  readonly cyclesPerFloor: number;
  readonly run: StoredRun;
}

function scatterOf({ run }: RecordedRun): readonly Scatter[] {
  const { samples } = run;
  const rows = Array.from({ length: samples.length }, (_, row) => row).filter(
    (row) => samples.kinds[row] === 'floor' && samples.phases[row] === 'measure',
  );
  return ['heapUsed', 'uss', 'external', 'fds', 'threads', 'gauge.live'].flatMap((metric) => {
    const values = samples.metrics.get(metric);
    const read = rows.filter((row) => values !== undefined && Number.isFinite(values[row]!));
    const settled = read.slice(Math.floor(read.length / 2));
    if (values === undefined || settled.length < settledMin) return [];
    const cycles = Float64Array.from(settled, (row) => samples.cycles[row]!);
    const level = Float64Array.from(settled, (row) => values[row]!);
    const line = leastSquares(cycles, level);
    const residuals = level.map((value, index) => value - line.intercept - line.slope * cycles[index]!);
    const cyclesPerFloor = (cycles.at(-1)! - cycles[0]!) / (cycles.length - 1);
    return cyclesPerFloor > 0 ? [{ metric, residuals, level: level[0]!, cyclesPerFloor, run }] : [];
  });
}

/** A run without growth: blocks of real residuals in random order (block bootstrap, Kuensch 1989), in rounds of random size. */
function nullRun(scatter: Scatter, confidence: number, random: Random): StoredRun {
  const builder = new SampleTableBuilder();
  const { residuals, level, cyclesPerFloor, metric, run } = scatter;
  const counts = Number.isInteger(level);
  let cycles = 0;
  let at = 0;
  for (let floor = 0; floor < floors; floor += 1) {
    cycles += Math.max(1, Math.round(cyclesPerFloor * (0.5 + random())));
    at = floor % blockFloors === 0 ? Math.floor(random() * (residuals.length - blockFloors)) : at + 1;
    const value = level + residuals[at]!;
    builder.add({
      kind: 'floor',
      phase: 'measure',
      round: floor,
      elapsedMs: floor * 100,
      cycles,
      cyclesByOperation: {},
      values: { [metric]: counts ? Math.round(value) : value },
    });
  }
  const parameters = { ...run.manifest.parameters, confidence };
  return { manifest: { ...run.manifest, parameters, budgets: {} }, samples: builder.table(), events: run.events };
}

/** Every look that a run takes, as a run takes it. */
function isEverCalledLeak(run: StoredRun): boolean {
  return lookSchedule(run.samples).some((rows) => slopeFindings(run, rows).some(({ verdict }) => verdict === 'leak'));
}

/** How often a series without growth is called a leak at any of its looks, beside what `--confidence` promises. */
export function nullSection(runs: readonly RecordedRun[]): Section {
  const scatters = runs.filter(({ truth, open }) => truth === 'plateau' && open === undefined).flatMap(scatterOf);
  const failures: string[] = [];
  const rows = [0.95, 0.99].map((confidence) => {
    const random = seededRandom('null series', confidence);
    let leaks = 0;
    for (let index = 0; index < seriesWanted; index += 1)
      if (isEverCalledLeak(nullRun(scatters[index % scatters.length]!, confidence, random))) leaks += 1;
    if (leaks > (1 - confidence) * seriesWanted)
      failures.push(`${leaks} of ${seriesWanted} series without growth were called a leak at confidence ${confidence}`);
    return [String(confidence), `${((1 - confidence) * 100).toFixed(0)} %`, share(leaks, seriesWanted)];
  });
  return {
    title: `Series without growth: ${seriesWanted}`,
    body: [
      `Made from the scatter of ${scatters.length} metrics of sound recorded runs, ${floors} floors each, every look taken.`,
      markdownTable(['confidence', 'promised at most', 'called a leak'], rows),
    ].join('\n\n'),
    failures,
  };
}
