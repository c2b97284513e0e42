import { duration, quantity, significant } from '../findings/quantity.js';
import type { CurveEvidence, JudgedCurve } from './curve-evidence.js';
import { type CurveDecision, fallsBack } from './decide-curve.js';
import type { Forecast } from './forecast.js';

export interface CurveSubject {
  readonly curve: JudgedCurve;
  readonly decision: CurveDecision;
  readonly evidence: CurveEvidence;
  readonly forecast?: Forecast;
}

/** One sentence that a person understands; the metric's name comes before it. */
export function curveSentence(subject: CurveSubject): string {
  const { evidence } = subject;
  const rhythm =
    evidence.rhythm === undefined
      ? ''
      : `; its daily rhythm of ±${amount(subject, evidence.rhythm.amplitude)} is taken out`;
  const spans = evidence.spans > 1 ? ` in ${evidence.spans} spans between restarts` : '';
  return `${whatItDoes(subject)}${spans}${rhythm}${forecastClause(subject)}`;
}

function whatItDoes(subject: CurveSubject): string {
  const { curve, decision, evidence } = subject;
  const { whole } = evidence;
  const between = `between ${rate(subject, whole.low)} and ${rate(subject, whole.high)}`;
  switch (decision.rule) {
    case 'curve-grows':
      return `grows by ${rate(subject, whole.estimate)}, ${decision.shape === 'accelerating' ? 'ever faster' : 'steadily'}`;
    case 'curve-within-budget':
      return `stays within the budget of ${rate(subject, curve.budget ?? 0)}: at most ${rate(subject, whole.high)}`;
    case 'curve-stays':
      return `stays: less than ${rate(subject, Math.max(whole.high, 0))}. These are no floors: a leak of up to ${rate(subject, evidence.detectionFloor)} could hide in ${length(subject)}`;
    case 'curve-slows-down':
      return `grew, but the later half brought ${percent(evidence.pace)} of the pace of the earlier one: it may level off; record longer`;
    case 'curve-may-follow-the-day':
      return `grows by ${rate(subject, whole.estimate)}, but in ${length(subject)} a daily rhythm or a collector can bring as much; record two days, or set a budget`;
    case 'curve-falls-back': {
      const times = fallsBack(curve);
      return `fell at once by most of its rise, ${times === 1 ? 'once' : `${times} times`}: a restart would hide a leak, a release would be none; record the start time or the pid beside it`;
    }
    case 'curve-begins-late':
      return `grew by ${rate(subject, evidence.late.estimate)} in its later half and did not before: a change of load, or a leak that begins late; record longer`;
    default:
      return `${between}, around ${curve.budget === undefined ? 'zero' : `the budget of ${rate(subject, curve.budget)}`}; record longer`;
  }
}

function forecastClause({ curve, decision, forecast }: CurveSubject): string {
  if (forecast === undefined) return '';
  const limit = quantity(forecast.limit, curve.unit);
  const { estimate, low, high } = forecast;
  if (low === 0) return `; it has reached ${limit}`;
  if (low === null) return `; it does not go to ${limit}`;
  const earliest = after(curve, low);
  if (decision.verdict !== 'leak' || estimate === null) return `; it reaches ${limit} in ${earliest} at the earliest`;
  const latest = high === null ? 'open' : after(curve, high);
  return `; it reaches ${limit} in ${after(curve, estimate)} (${earliest} to ${latest})`;
}

function rate(subject: CurveSubject, value: number): string {
  return `${amount(subject, value)} per ${subject.curve.axis === 'time' ? 'hour' : 'row'}`;
}

function amount({ curve }: CurveSubject, value: number): string {
  return quantity(value, curve.unit).trim();
}

function length({ curve }: CurveSubject): string {
  const { positions } = curve.readings;
  return after(curve, (positions.at(-1) ?? 0) - (positions[0] ?? 0));
}

function after({ axis }: JudgedCurve, distance: number): string {
  return axis === 'time' ? duration(distance) : `${significant(Math.ceil(distance))} rows`;
}

function percent(share: number): string {
  return `${Math.max(0, Math.round(100 * share))} %`;
}
