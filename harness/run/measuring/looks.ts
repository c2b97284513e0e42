import { lookGrowth } from '../../analyse/next/looks.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Interval } from '../../model/run-record.js';
import type { MeasuringPass } from './measuring-pass.js';

/** Floors of the first look. */
const firstLookFloors = 12;
/** A look at fewer floors decides nothing. */
const floorsMin = 8;

/** A sequential test of one metric of a run. */
export interface SequentialTest<Metric extends { readonly counted: boolean }, State extends string> {
  /** Of a wrong verdict; the looks share it. */
  readonly errorRate: number;
  readonly signal?: AbortSignal | undefined;
  /** @returns undefined where the run has no metric that could decide; what is `counted` is read in the census only */
  metricOf(run: StoredRun): Metric | undefined;
  judge(run: StoredRun, metric: Metric, errorRate: number): LookVerdict<State>;
}

export interface LookVerdict<State extends string> {
  readonly state: State | 'undecided';
  readonly slope?: Interval;
}

export interface TestOutcome<Metric, State extends string> {
  readonly metric: Metric | undefined;
  readonly verdict: LookVerdict<State>;
}

type DrivenPass = Pick<
  MeasuringPass,
  'attempt' | 'begin' | 'round' | 'finish' | 'soFar' | 'mayGoOn' | 'ended' | 'decided'
>;

/** Drives rounds until a look decides; the error rate is shared out over the looks, 1/2, 1/6, 1/12, ... */
export async function driveUntilKnown<Metric extends { readonly counted: boolean }, State extends string>(
  pass: DrivenPass,
  { errorRate, signal, metricOf, judge }: SequentialTest<Metric, State>,
): Promise<TestOutcome<Metric, State>> {
  await pass.attempt(() => pass.begin());
  let verdict: LookVerdict<State> = { state: 'undecided' };
  let metric: Metric | undefined;
  let nextLook = firstLookFloors;
  let looks = 0;
  let floors = 0;
  while (pass.mayGoOn && !signal?.aborted) {
    await pass.attempt(() => pass.round());
    floors += 1;
    // Whatever was driven since the last look is looked at once the time is over: of 8 s, it was 1.7 s and six floors of 27.
    const isDue = floors >= nextLook || (floors >= floorsMin && !pass.mayGoOn);
    if (!isDue || pass.ended) continue;
    nextLook = Math.ceil(floors * lookGrowth);
    looks += 1;
    const run = pass.soFar();
    metric = metricOf(run);
    // What the census alone sees is looked at once, when everything else is decided.
    if (metric === undefined || (metric.counted && pass.decided)) break;
    if (metric.counted) continue;
    verdict = judge(run, metric, errorRate / (looks * (looks + 1)));
    if (verdict.state !== 'undecided') break;
  }
  // A run may end before its first look.
  metric ??= metricOf(pass.soFar());
  await pass.attempt(() => pass.finish({ census: metric?.counted ?? false, rest: false }));
  return { metric, verdict: metric?.counted ? judge(pass.soFar(), metric, errorRate) : verdict };
}
