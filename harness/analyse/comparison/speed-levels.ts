import type { StoredRun } from '../../model/run-log.js';
import { rowsOf, seriesOf, undisturbedFloors } from '../series/floors.js';
import { mean, median } from '../statistics/order-statistics.js';

/** Rounds after warm-up are looked at in this many blocks, so that what disturbed some rounds disturbs one block. */
const blocks = 8;
const roundsMin = 2 * blocks;
const pairedBlocksMax = 24;
/** A target and its driver want so many cores; what others use of the rest disturbs nobody. */
const coresWanted = 2;
const coresForOthers = 0.2;

/** Mean of the logarithm over blocks of rounds: ratios are what matters, and blocks are nearly independent. */
export interface SpeedLevel {
  readonly logarithm: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Level of a metric of speed over the second half of the cycles; undefined where there are too few rounds. */
export function speedLevel(run: StoredRun, metric: string): SpeedLevel | undefined {
  const values = settledValues(run, metric)?.filter((value) => value > 0);
  return values === undefined ? undefined : levelOf(values.map(Math.log), blocks);
}

/**
 * How much higher a metric of speed is after than before, where both took turns: by the ratio of each two rounds, so
 * that what slowed both down at the time cancels. Undefined where too few rounds have their like.
 */
export function pairedSpeed(before: StoredRun, after: StoredRun, metric: string): SpeedLevel | undefined {
  const [left, right] = [settledRounds(before, metric), settledRounds(after, metric)];
  const ratios = [...right].flatMap(([round, value]) => {
    const other = left.get(round);
    return other === undefined ? [] : [Math.log(value / other)];
  });
  // Rounds after each other differ in who came first: two of them make a block, or more where there are many.
  return levelOf(Float64Array.from(ratios), Math.max(blocks, Math.min(pairedBlocksMax, ratios.length >> 1)));
}

/** Values above zero after a quarter of the cycles, by round: what warms up still, warms up in both. */
function settledRounds({ samples }: StoredRun, metric: string): ReadonlyMap<number, number> {
  const values = samples.metrics.get(metric);
  if (values === undefined) return new Map();
  const rows = rowsOf(samples, undisturbedFloors);
  const from = (samples.cycles[rows.at(-1) ?? 0] ?? 0) / 4;
  return new Map(
    [...rows]
      .filter((row) => samples.cycles[row]! >= from && values[row]! > 0)
      .map((row) => [samples.rounds[row]!, values[row]!]),
  );
}

function levelOf(rounds: Float64Array, count: number): SpeedLevel | undefined {
  if (rounds.length < roundsMin) return undefined;
  const logarithms = Array.from({ length: count }, (_, block) =>
    median(rounds.subarray((block * rounds.length) / count, ((block + 1) * rounds.length) / count)),
  );
  const centre = mean(logarithms);
  const variance = logarithms.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (count - 1);
  return { logarithm: centre, standardError: Math.sqrt(variance / count), degreesOfFreedom: count - 1 };
}

function settledValues({ samples }: StoredRun, metric: string): Float64Array | undefined {
  const values = samples.metrics.get(metric);
  if (values === undefined) return undefined;
  const series = seriesOf(samples, values, rowsOf(samples, undisturbedFloors));
  const half = (series.cycles.at(-1) ?? 0) / 2;
  const from = series.cycles.findIndex((cycles) => cycles >= half);
  return from < 0 ? undefined : series.values.subarray(Math.max(0, Math.min(from, series.values.length - roundsMin)));
}

/** How much of the machine was busy with other work, in cores, where that was enough to slow the target down. */
export function crowding(run: StoredRun): number | undefined {
  const others = settledValues(run, 'cpuOthers');
  if (others === undefined || others.length === 0) return undefined;
  const used = mean(others);
  return used > Math.max(0, run.manifest.environment.cores - coresWanted) + coresForOthers ? used : undefined;
}
