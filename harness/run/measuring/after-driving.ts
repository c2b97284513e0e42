import { judge } from '../../analyse/judge.js';
import { awaitExpiry } from '../../analyse/next/await-expiry.js';
import { censusRounds } from '../../analyse/next/census-rounds.js';
import { fillHolders } from '../../analyse/next/fill-holders.js';
import { checkRest } from '../../analyse/next/rest-check.js';
import { isLeakingGrowth } from '../../model/finding.js';
import { restAudit } from '../../model/run-log.js';
import { CauseSearch } from './cause-search.js';
import { holdObjects } from './hold-objects.js';
import { auditControl, type PositiveControl, runPositiveControl } from './instrument-check.js';
import { ObjectCounter } from './object-counter.js';
import { driveNullRounds, type PassParts, plannedPartsOf } from './pass-parts.js';
import { TimerReader } from './pending-timers.js';
import { PlannedTarget } from './perform-plan.js';
import { nameBusy } from './stuck-target.js';

export interface FinishOptions {
  /** Counts live objects. @defaultValue true */
  readonly census?: boolean;
  /** Sees what the target does at rest, and what held objects cost. @defaultValue true */
  readonly rest?: boolean;
}

/**
 * What is asked of the resting target when no further cycle decides.
 * @param counterBefore one that has counted before the first cycle
 */
export async function readAfterDriving(
  parts: PassParts,
  counterBefore: ObjectCounter | undefined,
  { census = true, rest = true }: FinishOptions,
): Promise<void> {
  const { measurement, recorder, session, signal, manifest, isBrief, source } = parts;
  const { agent } = session.target;
  const search = new CauseSearch(parts, plannedPartsOf(parts).signal);
  // Gauges of a scenario may read a store that both targets use: the second one would move them while rounds are driven.
  const isApart = source.kind === 'functions' || Object.keys(manifest.gauges).length === 0;
  if (rest && isApart) search.start();
  await driveNullRounds(parts);
  const control = await runPositiveControl(agent, measurement);
  const counter = counterBefore ?? (census && agent?.hello.censusAvailable ? new ObjectCounter(agent) : undefined);
  const timers = rest ? timerReader(parts) : undefined;
  if (judge(recorder.soFar()).verdict !== 'plateau') await timers?.read();
  if (isBrief) await counter?.count();
  else if (counter !== undefined) await countObjects(parts, counter);
  if (rest) await restTarget(parts, search, counter, timers);
  await auditInstrument(parts, control);
  if (rest && !signal.aborted)
    await holdObjects({ session, recorder, measurement, parameters: manifest.parameters, signal });
  if (rest && !signal.aborted) await nameBusy(parts);
  auditProbes(parts);
}

function timerReader({ session, recorder, source }: PassParts): TimerReader | undefined {
  const { agent } = session.target;
  return agent?.hello.censusAvailable ? new TimerReader(agent, recorder, source.directory) : undefined;
}

async function countObjects(parts: PassParts, counter: ObjectCounter): Promise<void> {
  const target = new PlannedTarget({ ...plannedPartsOf(parts), counter });
  await target.perform(censusRounds(target, parts.limit?.censusMs));
}

/** Meanwhile the cause may be looked for in a second target: the first one only waits. */
async function restTarget(
  parts: PassParts,
  search: CauseSearch,
  counter: ObjectCounter | undefined,
  timers: TimerReader | undefined,
): Promise<void> {
  const { recorder, session, signal, manifest, isBrief } = parts;
  const planned = plannedPartsOf(parts);
  search.start();
  search.noteCounted();
  const untilAlone = async () => {
    // Other runtimes say only in their last reading who holds what grows.
    if (manifest.visibility === 'node') search.endGathering();
    await search.result();
  };
  const target = new PlannedTarget({ ...planned, counter, timers, targetClock: session.clock, untilAlone });
  let isWhole = await target.perform(checkRest(target, { isBrief }));
  const isLeak = judge(recorder.soFar()).findings.some(isLeakingGrowth);
  if (!isLeak) search.endGathering();
  const cause = await search.result();
  if (isLeak && cause !== undefined) {
    recorder.attribution = cause;
    const isFull = await target.perform(fillHolders(target, manifest.parameters.durationMs - recorder.elapsedMs));
    const isExpired = await target.perform(awaitExpiry(target));
    isWhole &&= isFull && isExpired;
  }
  if (isLeak && !isWhole && !signal.aborted)
    recorder.audit(restAudit, false, 'the time of the run ended while the target rested');
}

/** A heap that swings hides what was planted in it; at rest it is still. */
async function auditInstrument(
  { measurement, recorder, session, signal }: PassParts,
  control: PositiveControl | undefined,
): Promise<void> {
  if (control === undefined) return;
  const isSeen = control.isSeen && control.isSeenGone;
  const last = isSeen || signal.aborted ? control : await runPositiveControl(session.target.agent, measurement);
  auditControl(last ?? control, recorder);
}

/** What this machine did not let plateau see. */
function auditProbes({ session: { probe, inside, target }, recorder, measurement: { floorReader } }: PassParts): void {
  for (const { check, ok, detail } of inside?.audit() ?? []) recorder.audit(check, ok, detail);
  for (const { line, meaning, count } of target.leakWarnings())
    recorder.event({
      event: 'warning',
      message: `the target printed ${count === 1 ? 'once' : `${count} times`}: "${line}"; ${meaning}`,
    });
  for (const { metric, reason } of probe?.unavailable() ?? []) recorder.audit(`probe:${metric}`, false, reason);
  if (floorReader.unsettled > 0) {
    recorder.audit(
      'settled',
      false,
      `the scenario's settle condition did not hold in time at ${floorReader.unsettled} floors`,
    );
  }
  if (target.agent !== undefined && !target.agent.hello.censusAvailable) {
    recorder.audit('probe:objects', false, 'this Node has no inspector: objects, timers and listeners are not counted');
  }
}
