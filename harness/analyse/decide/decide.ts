import { longestRestMs } from '../series/rests.js';
import { causeRules } from './cause-rules.js';
import type { Decision } from './decision.js';
import { drivenRules } from './driven-rules.js';
import type { Evidence } from './evidence.js';
import type { JudgedMetric } from './judged-metrics.js';
import { restEvidence, restRules } from './rest-rules.js';
import { firstDecision } from './rule.js';

/** What driving the target shows of a metric, whatever was seen at rest. */
export function decideDriven(evidence: Evidence): Decision {
  const decision = firstDecision(drivenRules, evidence);
  if (decision === undefined) throw new Error(`no rule decided ${evidence.metric.tolerance.metric}`);
  return decision;
}

/** Of a run that drove days of the target's clock. */
function growsByHours(evidence: Evidence, { state, bound }: Decision): boolean {
  const { run, metric } = evidence;
  if (run.manifest.parameters.days === undefined || metric.rests.length === 0) return false;
  return state === 'leak' && bound === undefined && evidence.driver.kind === 'time';
}

/**
 * What the rests of a metric show. Counting objects collects what V8 had compiled, which comes back over the next thousands of
 * cycles: a heap that was flat from rest to rest before it stays judged so, unless what came later is a leak.
 */
function decideAtRest(driven: Decision, metric: JudgedMetric, isByHours: boolean): Decision | undefined {
  const decisionOf = (rests: JudgedMetric['rests']) => {
    const rested = restEvidence(driven, { ...metric, rests }, isByHours);
    return rested === undefined ? undefined : firstDecision(restRules, rested);
  };
  const shown = decisionOf(metric.rests);
  if (shown?.state !== 'undecided' || metric.channel === 'count') return shown;
  const counted = metric.rests.findIndex(({ followsCensus }) => followsCensus);
  const before = decisionOf(metric.rests.slice(0, Math.max(0, counted)));
  return before?.state === 'plateau' ? before : shown;
}

/**
 * What one metric is judged to do: what rests show of it goes before what driving showed, and what the cause of a leak
 * shows goes before both.
 */
export function decide(evidence: Evidence): Decision {
  const driven = decideDriven(evidence);
  const shown = decideAtRest(driven, evidence.metric, growsByHours(evidence, driven)) ?? driven;
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
