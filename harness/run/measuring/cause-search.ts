import { dirname } from 'node:path';
import { isPagesMetric } from '../../analyse/decide/judged-metrics.js';
import { judge } from '../../analyse/judge.js';
import { isLeakingGrowth } from '../../model/finding.js';
import type { Attribution } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import type { RunningTarget } from '../../model/target.js';
import { closeOverDescendants, readProcessTable } from '../../platform/process-tree.js';
import { untilAborted } from '../../platform/until-aborted.js';
import { hasFixedAddress } from '../../sample/outside/fixed-addresses.js';
import { loadOf, type PassParts } from './pass-parts.js';

/** A second process of the same program shares pages with the first: those of the first seem to become fewer. */
function isOfPages({ metric, verdict }: Finding): boolean {
  return isPagesMetric(metric) && verdict !== 'advisory';
}

function canRunTwice({ pid, chosenPorts: ports = [], temporaryDirectory }: RunningTarget): boolean {
  if (pid === undefined) return false;
  const chosen = { ports, directory: dirname(temporaryDirectory) };
  const tree = closeOverDescendants(readProcessTable(), [pid]);
  return [...tree.keys()].every((member) => !hasFixedAddress(member, chosen));
}

/** Looks for the cause of a leak in a second target, while the first one is counted and rests. */
export class CauseSearch {
  private readonly enough = new AbortController();
  private readonly laterFindings: Promise<readonly Finding[]>;
  private countedWith: (findings: readonly Finding[]) => void = () => undefined;
  private cause: Promise<Attribution | undefined> | undefined;

  /** @param signal aborted when there is no time left to look for it */
  constructor(
    private readonly parts: PassParts,
    private readonly signal: AbortSignal,
  ) {
    const counted = new Promise<readonly Finding[]>((resolve) => {
      this.countedWith = resolve;
    });
    this.laterFindings = untilAborted(counted, signal);
    // Where nothing leaks, nobody waits for them.
    this.laterFindings.catch(() => undefined);
  }

  /** Once something leaks, and where a second target can run beside the first. */
  start(): void {
    const { whileResting, recorder, session } = this.parts;
    if (this.cause !== undefined || whileResting === undefined) return;
    const { findings } = judge(recorder.soFar());
    if (!findings.some(isLeakingGrowth) || findings.some(isOfPages)) return;
    if (!this.hasRoomForSecond() || !canRunTwice(session.target)) return;
    const { laterFindings, signal } = this;
    this.cause = whileResting({
      findings,
      laterFindings,
      load: loadOf(this.parts),
      signal,
      enough: this.enough.signal,
    });
  }

  /** A second target takes about as much memory as the first; where there is less, the system would end one of them. */
  private hasRoomForSecond(): boolean {
    return (this.parts.measurement.lastFloor.rss ?? 0) <= process.availableMemory();
  }

  /** Every metric was read by now. */
  noteCounted(): void {
    this.countedWith(judge(this.parts.recorder.soFar()).findings);
  }

  /** What was gathered by now must do. */
  endGathering(): void {
    this.enough.abort();
  }

  /** @returns undefined where none was looked for or found */
  async result(): Promise<Attribution | undefined> {
    return this.cause;
  }
}
