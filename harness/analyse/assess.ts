import type { Progress } from '../model/judgement.js';
import type { StoredRun } from '../model/run-log.js';
import { judgeAt } from './judge.js';
import { lookSchedule } from './looks.js';

/**
 * Whether a run that goes on has seen enough; called after each floor, cheap when no look is due.
 * `judge` on the stored run takes the same looks and comes to the same result.
 */
export function assess(run: StoredRun): Progress {
  const looks = lookSchedule(run.samples);
  const cycles = run.samples.length === 0 ? 0 : run.samples.cycles[run.samples.length - 1]!;
  if (looks.length === 0 || looks.at(-1) !== run.samples.length)
    return { state: 'continue', cyclesWanted: 2 * cycles, undecided: [] };
  const judgement = judgeAt(run, looks);
  const undecided = judgement.findings.filter((finding) => finding.verdict === 'inconclusive');
  if (undecided.length === 0 && judgement.findings.length > 0) return { state: 'decided', judgement };
  return {
    state: 'continue',
    cyclesWanted: Math.max(2 * cycles, ...undecided.map((finding) => finding.cyclesToDecide ?? 0)),
    undecided: undecided.map((finding) => finding.metric),
    leaking: judgement.findings.filter((finding) => finding.verdict === 'leak').map((finding) => finding.metric),
  };
}
