import { driverOf } from '../growth/growth-driver.js';
import { sliceSeries } from '../series/floors.js';
import { longestRestMs } from '../series/rests.js';
import { causeRules } from './cause-rules.js';
import type { Decision } from './decision.js';
import { drivenRules } from './driven-rules.js';
import type { Evidence } from './evidence.js';
import { restEvidence, restRules } from './rest-rules.js';
import { firstDecision } from './rule.js';

/** What driving the target shows of a metric, whatever was seen at rest. */
export function decideDriven(evidence: Evidence): Decision {
  const decision = firstDecision(drivenRules, evidence);
  if (decision === undefined) throw new Error(`no rule decided ${evidence.metric.tolerance.metric}`);
  return decision;
}

/** Of a run that drove days of the target's clock. */
function growsByHours({ run, metric: { tolerance, series, rests } }: Evidence, driven: Decision): boolean {
  if (run.manifest.parameters.days === undefined || rests.length === 0 || driven.state !== 'leak') return false;
  const settled = sliceSeries(series, driven.warmupFloors, series.values.length);
  return driverOf(run, tolerance.metric, settled, driven.confidence).kind === 'time';
}

/**
 * What one metric is judged to do: what rests show of it goes before what driving showed, and what the cause of a leak
 * shows goes before both.
 */
export function decide(evidence: Evidence): Decision {
  const driven = decideDriven(evidence);
  const rested = restEvidence(driven, evidence.metric, growsByHours(evidence, driven));
  const shown = (rested === undefined ? undefined : firstDecision(restRules, rested)) ?? driven;
  const { attribution, samples, manifest } = evidence.run;
  if (shown.state !== 'leak' || attribution === undefined) return shown;
  return (
    firstDecision(causeRules, {
      leak: shown,
      metric: evidence.metric,
      attribution,
      cycles: samples.cycles.at(-1) ?? 0,
      restedMs: longestRestMs(samples, samples.length),
      isVirtualTime: manifest.parameters.virtualTime === true,
    }) ?? shown
  );
}
