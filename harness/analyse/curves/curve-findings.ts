import type { CurveFacts } from '../../model/curve.js';
import { ownValue } from '../../model/own-value.js';
import type { StoredRun } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import { msPerHour } from '../../model/units.js';
import { rounded } from '../findings/finding.js';
import { type CurveEvidence, curveEvidence, type JudgedCurve } from './curve-evidence.js';
import type { CurveReadings } from './curve-levels.js';
import { curveSentence } from './curve-sentence.js';
import { type CurveDecision, decideCurve } from './decide-curve.js';
import { forecastOf } from './forecast.js';

/** Findings of a run of curves that something else recorded; none for other runs. */
export function curveFindings(run: StoredRun): readonly Finding[] {
  const { curves: facts } = run.manifest;
  if (facts === undefined) return [];
  return [...run.samples.metrics.keys()].map((metric) => curveFinding(judgedCurve(run, metric, facts)));
}

function judgedCurve({ manifest, samples }: StoredRun, metric: string, facts: CurveFacts): JudgedCurve {
  const limit = ownValue(facts.limits, metric);
  const budget = ownValue(manifest.budgets, metric);
  return {
    metric,
    unit: ownValue(facts.units, metric) ?? '',
    axis: facts.axis,
    readings: readingsOf(samples.elapsedMs, samples.metrics.get(metric)!, scaleOf(facts)),
    restarts: (facts.restarts[metric] ?? []).map((at) => at / scaleOf(facts)),
    ...(limit !== undefined && { limit }),
    ...(budget !== undefined && { budget }),
    alpha: (1 - manifest.parameters.confidence) / 2 / samples.metrics.size,
  };
}

function scaleOf({ axis }: CurveFacts): number {
  return axis === 'time' ? msPerHour : 1;
}

function readingsOf(positions: Float64Array, values: Float64Array, scale: number): CurveReadings {
  const rows = [...values.keys()].filter((row) => Number.isFinite(values[row]!));
  return {
    positions: Float64Array.from(rows, (row) => positions[row]! / scale),
    values: Float64Array.from(rows, (row) => values[row]!),
  };
}

function curveFinding(curve: JudgedCurve): Finding {
  const evidence = curveEvidence(curve);
  return evidence === undefined ? tooShort(curve) : judgedFinding(curve, evidence, decideCurve(curve, evidence));
}

function judgedFinding(curve: JudgedCurve, evidence: CurveEvidence, decision: CurveDecision): Finding {
  const { whole, length, tolerance } = evidence;
  const forecast = forecastOf(curve, whole);
  return {
    ...common(curve),
    verdict: decision.verdict,
    shape: decision.shape,
    slope: {
      estimate: rounded(whole.estimate),
      low: rounded(whole.low),
      high: rounded(whole.high),
      unit: slopeUnit(curve),
    },
    budget: rounded(curve.budget ?? tolerance / length),
    detectionFloor: rounded(evidence.detectionFloor),
    rounds: evidence.levels.length,
    reason: curveSentence({ curve, decision, evidence, ...(forecast && { forecast }) }),
    rule: { name: decision.rule, numbers: numbersOf(curve, evidence) },
    ...(forecast && {
      forecast: {
        limit: forecast.limit,
        per: curve.axis === 'time' ? ('h' as const) : ('row' as const),
        estimate: roundedOrNull(forecast.estimate),
        low: roundedOrNull(forecast.low),
        high: roundedOrNull(forecast.high),
      },
    }),
    ...(evidence.rhythm && { rhythm: { periodHours: 24, amplitude: rounded(evidence.rhythm.amplitude) } }),
  };
}

function tooShort(curve: JudgedCurve): Finding {
  const { length } = curve.readings.values;
  return {
    ...common(curve),
    verdict: 'inconclusive',
    shape: 'noisy',
    slope: { estimate: 0, low: 0, high: 0, unit: slopeUnit(curve) },
    budget: curve.budget ?? 0,
    detectionFloor: null,
    rounds: 0,
    reason: `has ${length} readings${curve.restarts.length > 0 ? ' between its restarts' : ''}, too few to judge; record longer, or more often`,
    rule: { name: 'curve-too-short', numbers: { readings: length } },
  };
}

function common({ metric, unit, axis, alpha, readings: { values } }: JudgedCurve) {
  return {
    kind: 'growth' as const,
    axis: axis === 'time' ? ('hour' as const) : ('row' as const),
    metric,
    unit,
    ...(axis === 'time' && { driver: 'time' as const }),
    confidence: rounded(1 - 2 * alpha),
    first: values[0] ?? 0,
    last: values.at(-1) ?? 0,
  };
}

function slopeUnit({ unit, axis }: JudgedCurve): string {
  return `${unit}/${axis === 'time' ? 'h' : 'row'}`;
}

function numbersOf({ budget }: JudgedCurve, evidence: CurveEvidence): Record<string, number> {
  const { whole, late, lateLow, pace, length, allowance, tolerance, dayAmount } = evidence;
  const all = {
    lowWhole: whole.low,
    highWhole: whole.high,
    lowLate: late.low,
    lowLateConfirming: lateLow,
    pace,
    length,
    allowance,
    tolerance,
    dayAmount,
    ...(budget !== undefined && { budget }),
  };
  const finite = Object.entries(all).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(finite.map(([name, value]) => [name, rounded(value)]));
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
