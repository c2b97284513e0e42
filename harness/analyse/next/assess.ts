import type { Judgement, Progress } from '../../model/judgement.js';
import { metricDefinition } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import type { SampleTable } from '../../model/sample.js';
import { bytesPerMebibyte } from '../../model/units.js';
import { slopeFindings } from '../decide/reconcile.js';
import { toleranceOf } from '../decide/tolerance.js';
import { withBaseline } from '../findings/baseline.js';
import { mayRecover } from '../findings/delivery.js';
import { judgeIdle } from '../findings/idle.js';
import { judge } from '../judge.js';
import { countAllowance, floorsMin } from '../series/floors.js';
import { lookGrowth, lookSchedule } from './looks.js';

/** After each of these, twice as wide a budget is good enough. */
const widerEachMs = 4_000;
/** A leak that is established at this price needs no further proof of the other metrics. */
const costlyGrowth = 512 * bytesPerMebibyte;
/** What swings for longer than this is looked at while it rests; a target that is found busy for as long spins. */
const longMs = 20_000;
/** Where something that is counted piles up meanwhile, the looks at it are waited for, but not longer than so many times as long. */
const longerForCause = 3;
/**
 * Bytes that surely grow and are undecided for so long grow by about their budget. A listener takes 8 B, in tables that double:
 * 400,000 cycles of one were driven for two minutes, and two seconds of counting show it.
 */
const countAfterMs = 12_000;

/**
 * Whether a run that goes on has seen enough; called after each floor, cheap when no look is due.
 * `judge` on the stored run comes to the same judgement, since both are functions of the same samples.
 */
export function assess(run: StoredRun): Progress {
  const { samples } = run;
  const cycles = samples.length === 0 ? 0 : samples.cycles[samples.length - 1]!;
  const waiting: Progress = { state: 'continue', next: 'drive', cyclesWanted: 2 * cycles, undecided: [] };
  if (samples.phases[samples.length - 1] === 'null') return waiting;
  const looks = lookSchedule(samples);
  if (looks.length === 0 && spinsPlainly(run)) return { state: 'decided', judgement: judge(run) };
  if (looks.at(-1) !== samples.length) return waiting;
  const judgement = judge(run);
  const undecided = undecidedOf(run, judgement);
  const isEnough = undecided.length === 0 || leakIsEnough(run, judgement, looks);
  if (judgement.findings.length > 0 && isEnough && !mayRecover(run)) return { state: 'decided', judgement };
  const swings = judgement.verdict === 'inconclusive' && undecided.every(isLevel) && undecided.some(isBlurred);
  return {
    state: 'continue',
    next:
      swings && elapsedMs(samples) >= nextRestMs(samples)
        ? 'rest'
        : countsFirst(samples, undecided)
          ? 'count'
          : 'drive',
    cyclesWanted: Math.max(lookGrowth * cycles, ...undecided.map(({ cyclesToDecide }) => cyclesToDecide ?? 0)),
    undecided: undecided.map(({ metric }) => metric),
    judgement,
  };
}

/** Whether each finding has a verdict, as rests that were tried while driving may show. */
export function isDecided({ findings }: Judgement): boolean {
  return findings.every(({ verdict }) => verdict !== 'inconclusive');
}

/** When what swings is to rest: at first after some time, then each time the run has become twice as long. */
function nextRestMs({ phases, elapsedMs }: SampleTable): number {
  const lastRest = phases.lastIndexOf('rest');
  return lastRest < 0 ? longMs : 2 * elapsedMs[lastRest]!;
}

/**
 * Metrics without a verdict, and those whose interval is still wide although more cycles are cheap. Rounds of the
 * census can decide nothing but what is counted in them, and other rounds nothing of that.
 */
function undecidedOf(run: StoredRun, { findings }: Judgement): readonly Finding[] {
  const { samples } = run;
  // Beside a leak, the width of the other intervals changes nothing.
  const patience = findings.some(({ verdict }) => verdict === 'leak')
    ? Number.POSITIVE_INFINITY
    : widestBudget(elapsedMs(samples));
  const census = samples.phases[samples.length - 1] === 'census';
  return findings.filter((finding) => {
    if (census !== isCounted(samples, finding.metric)) return false;
    if (finding.verdict === 'inconclusive') return true;
    if (finding.verdict !== 'plateau' || finding.axis !== 'cycle') return false;
    return finding.budget > patience * toleranceOf(run.manifest, finding.metric, 0).budget;
  });
}

/**
 * Whether what is counted, and was not counted yet, is likely to decide before the bytes do: those surely grow, and their slope
 * is known well. Steady growth beyond the budget is decided by length alone, and what swings by a rest, which counting disturbs.
 * Growth within a budget that is still wide, since few cycles were driven, is that of warming up: a service whose nine kinds of
 * cycles took 30 ms each was counted after 237 of them, which decided nothing, and took 57 s instead of 25.
 */
function countsFirst(samples: SampleTable, undecided: readonly Finding[]): boolean {
  if (elapsedMs(samples) < countAfterMs || samples.phases.includes('census')) return false;
  return undecided.some((finding) => {
    const { verdict, unit, axis, rule, slope, budget } = finding;
    const grows =
      verdict === 'inconclusive' && unit === 'B' && axis === 'cycle' && slope.low > 0 && slope.high > budget;
    return grows && !isBlurred(finding) && rule?.name !== 'may-be-filling';
  });
}

/** Goes up and down, or has come to a level that is not known well yet. */
function isLevel({ axis, shape }: Finding): boolean {
  return axis === 'cycle' && (shape === 'noisy' || shape === 'sawtooth' || shape === 'saturating');
}

/** An interval that is narrower than its budget needs no more than some cycles to settle. */
function isBlurred({ slope, budget }: Finding): boolean {
  return slope.high - slope.low > budget;
}

/** First read in the census. */
function isCounted(samples: SampleTable, metric: string): boolean {
  const first = samples.metrics.get(metric)?.findIndex(Number.isFinite) ?? -1;
  return first >= 0 && samples.phases[first] === 'census';
}

/** By how much the budget of a plateau may be widened, after some time: slow cycles are not waited for without end. */
function widestBudget(elapsed: number): number {
  return elapsed < countAfterMs ? 2 ** (1 + Math.floor(elapsed / widerEachMs)) : Number.POSITIVE_INFINITY;
}

/** Slow cycles come late to a first look; that a target never rests is plain before. */
function spinsPlainly(run: StoredRun): boolean {
  if (elapsedMs(run.samples) < longMs) return false;
  if (!judgeIdle(run).some(({ verdict, rounds = 0 }) => verdict === 'spinning' && rounds >= floorsMin)) return false;
  return elapsedMs(run.samples) >= longerForCause * longMs || !slopeFindings(run, run.samples.length).some(mayKeepBusy);
}

/** What piles up keeps the target busy: timers and handles say why it spins, and a look at them says whether they leak. */
function mayKeepBusy({ verdict, unit, first, last }: Finding): boolean {
  return verdict === 'inconclusive' && unit !== 'B' && last - first >= countAllowance;
}

/** A leak that stood at half of the cycles already is reported; what else is open by now is reported as open. */
function leakIsEnough(run: StoredRun, { findings }: Judgement, looks: readonly number[]): boolean {
  const leaks = findings.filter(({ verdict }) => verdict === 'leak');
  if (leaks.length === 0) return false;
  // Leaks of whole threads and processes cost the machine most.
  if (leaks.some(({ metric }) => metricDefinition(metric)?.scale === 'workers')) return true;
  const { samples } = run;
  const resident = samples.metrics.get('rss')?.filter(Number.isFinite);
  if (resident !== undefined && resident.length > 1 && resident.at(-1)! - resident[0]! > costlyGrowth) return true;
  if (findings.some((finding) => isNearlyDecided(run, finding))) return false;
  const halfway = looks.findLast((rows) => samples.cycles[rows - 1]! * 2 <= samples.cycles[samples.length - 1]!);
  if (halfway === undefined) return false;
  const early = slopeFindings(run, halfway);
  const { baseline } = run.manifest;
  return (baseline === undefined ? early : withBaseline(early, baseline.entry).findings).some(
    ({ verdict }) => verdict === 'leak',
  );
}

/** Entries that grow steadily and would be known from a cache that fills within half as many cycles again. */
function isNearlyDecided({ samples }: StoredRun, { verdict, unit, shape, cyclesToDecide }: Finding): boolean {
  const cycles = samples.cycles[samples.length - 1]!;
  return verdict === 'inconclusive' && unit !== 'B' && shape === 'linear' && (cyclesToDecide ?? 0) <= 1.5 * cycles;
}

function elapsedMs(samples: SampleTable): number {
  return samples.length === 0 ? 0 : samples.elapsedMs[samples.length - 1]!;
}
