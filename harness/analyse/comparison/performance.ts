import type { PerformanceComparison, PerformanceWord } from '../../model/comparison.js';
import { metricDefinition } from '../../model/metric.js';
import type { StoredRun } from '../../model/run-log.js';
import { rounded } from '../findings/finding.js';
import { significant } from '../findings/quantity.js';
import { around, type Bounded, differenceOf } from '../statistics/combined-intervals.js';
import { studentQuantile } from '../statistics/student-t.js';
import { crowding, pairedSpeed, type SpeedLevel, speedLevel } from './speed-levels.js';

export interface PerformanceRules {
  readonly confidence: number;
  readonly interleaved: boolean;
}

/**
 * Two runs of the same code differ by more than either varies within, most of all where the machine has other work: a
 * difference must exceed this share of the speed as well as its interval. Those that take turns share the machine's moods,
 * but each compiles its code in its own way: up to 8 % of the CPU a cycle in the same store, soaked against itself.
 */
const shareMin = { apart: 0.15, interleaved: 0.1, crowded: 0.3 } as const;
/** The slowest cycles are the noisiest. */
const tailFactor = 2;

interface Sides<T> {
  readonly before: T;
  readonly after: T;
}

/** Throughput, CPU a cycle and latency of two runs, and whether any got slower. */
export function comparePerformance(
  before: StoredRun,
  after: StoredRun,
  rules: PerformanceRules,
): PerformanceComparison[] {
  const levels = [...before.samples.metrics.keys()].filter(isPerformance).flatMap((metric) => {
    const [left, right] = [speedLevel(before, metric), speedLevel(after, metric)];
    const paired = rules.interleaved ? pairedSpeed(before, after, metric) : undefined;
    return left === undefined || right === undefined ? [] : [{ metric, before: left, after: right, paired }];
  });
  const alpha = (1 - rules.confidence) / Math.max(1, levels.length) / 2;
  const crowds = { before: crowding(before), after: crowding(after) };
  return levels
    .map((level) => {
      const bounds = { before: bounded(level.before, alpha), after: bounded(level.after, alpha) };
      const ratio =
        level.paired === undefined ? differenceOf(bounds.before, bounds.after) : bounded(level.paired, alpha);
      return comparison({ metric: level.metric, ratio, ...bounds }, rules, crowds);
    })
    .sort((left, right) => order(left.metric) - order(right.metric));
}

function isPerformance(metric: string): boolean {
  return metric === 'throughput' || metric === 'cpuPerCycle' || /^latency\..*\.(p50|p99)$/.test(metric);
}

function order(metric: string): number {
  return ['throughput', 'cpuPerCycle'].indexOf(metric) >>> 0;
}

function bounded({ logarithm, standardError, degreesOfFreedom }: SpeedLevel, alpha: number): Bounded {
  const reach = studentQuantile(1 - alpha, degreesOfFreedom) * standardError;
  return around(logarithm, reach);
}

interface ComparedSpeed extends Sides<Bounded> {
  readonly metric: string;
  /** Logarithm. */
  readonly ratio: Bounded;
}

function comparison(
  { metric, ratio: logarithm, before, after }: ComparedSpeed,
  { confidence, interleaved }: PerformanceRules,
  crowds: Sides<number | undefined>,
): PerformanceComparison {
  const unit = metricDefinition(metric)!.unit;
  const ratio = exponentiated(logarithm);
  const speed = metric === 'throughput' ? ratio : inverted(ratio);
  const crowd = interleaved ? undefined : crowdOf(metric, speed.estimate < 1, crowds);
  const share = shareFor(metric, interleaved, crowd);
  // What competes for the cores takes time from the target, and hardly changes the work that a cycle is.
  const excuse = crowd !== undefined && metric !== 'cpuPerCycle' ? crowd : undefined;
  const word = wordOf(speed, share, excuse !== undefined);
  const levels = { before: exponentiated(before), after: exponentiated(after) };
  return {
    metric,
    unit,
    word,
    before: { ...levels.before, unit },
    after: { ...levels.after, unit },
    ratio,
    confidence: rounded(confidence),
    threshold: share,
    reason: sentence({ word, unit, ratio, excuse, ...levels }),
  };
}

/** A target that is slower while others are at work may be so for their sake; the slowest cycles always may. */
function crowdOf(metric: string, slower: boolean, { before, after }: Sides<number | undefined>): number | undefined {
  if (metric.endsWith('.p99')) return after ?? before;
  return slower ? after : before;
}

function shareFor(metric: string, interleaved: boolean, crowd: number | undefined): number {
  if (metric.endsWith('.p99')) return tailFactor * (interleaved ? shareMin.interleaved : shareMin.apart);
  if (crowd !== undefined) return shareMin.crowded;
  return interleaved ? shareMin.interleaved : shareMin.apart;
}

/** Of speeds: 0.7 is 30 % slower. */
function wordOf({ low, high }: Bounded, share: number, excused: boolean): PerformanceWord {
  const [slow, fast] = [1 - share, 1 / (1 - share)];
  if (low > slow && high < fast) return 'unchanged';
  if (excused) return 'cannot tell';
  if (high < slow) return 'slower';
  return low > fast ? 'faster' : 'cannot tell';
}

function exponentiated({ estimate, low, high }: Bounded): Bounded {
  return { estimate: rounded(Math.exp(estimate)), low: rounded(Math.exp(low)), high: rounded(Math.exp(high)) };
}

function inverted({ estimate, low, high }: Bounded): Bounded {
  return { estimate: 1 / estimate, low: 1 / high, high: 1 / low };
}

interface Subject extends Sides<Bounded> {
  readonly word: PerformanceWord;
  readonly unit: string;
  readonly ratio: Bounded;
  readonly excuse: number | undefined;
}

function sentence({ word, unit, ratio, excuse, before, after }: Subject): string {
  const change = `from ${significant(before.estimate)} to ${significant(after.estimate)} ${unit}`;
  const percent = (value: number) => `${value > 1 ? '+' : ''}${Math.round((value - 1) * 100)} %`;
  const range = `${percent(ratio.low)} to ${percent(ratio.high)}`;
  if (word === 'slower' || word === 'faster') return `${change}: ${word} (${range})`;
  if (word === 'unchanged') return `${change}, as two runs of the same code differ (${range})`;
  return excuse === undefined
    ? `${change}; the rounds differ too much among themselves (${range})`
    : `${change}; other work kept ${significant(excuse)} cores busy meanwhile (${range})`;
}
