import { type RunRecord, runScenario } from 'plateau';
import { expect } from 'vitest';
import { type TimeCase, timeScenario } from '../fixtures/time/cases.js';
import { temporaryDirectory } from './temporary-directory.js';

/** How far a level may be from what the source says. */
const tolerance = 0.1;

const soakInTime = (subject: TimeCase, keeps: boolean): Promise<RunRecord> =>
  runScenario(timeScenario(subject, keeps), {
    seed: 41,
    virtualTime: true,
    attribution: 'off',
    outDirectory: temporaryDirectory(),
  });

/** What a service keeps for a time levels off, at what its source says; its twin leaks. */
export async function expectTruthInTime(subject: TimeCase): Promise<void> {
  const sound = await soakInTime(subject, false);
  expect({ verdict: sound.verdict, reason: sound.reason }).toMatchObject({ verdict: 'plateau' });
  const [leastMs, mostMs] = subject.keptMs;
  const keptMs = keptMsOf(sound, subject);
  expect(keptMs).toBeGreaterThan(leastMs * (1 - tolerance));
  expect(keptMs).toBeLessThan(mostMs * (1 + tolerance));
  const twin = await soakInTime(subject, true);
  expect({ verdict: twin.verdict, reason: twin.reason }).toMatchObject({ verdict: 'leak' });
}

/** The reported level, by the speed beside it and what a visit adds, is a time. Without a level, the reported time. */
function keptMsOf({ findings }: RunRecord, { perVisit = 1 }: TimeCase): number {
  const { release, reason } = findings.find(({ metric }) => metric === 'gauge.held')!;
  const speed = /at ([\d,.]+) cycles per second/.exec(reason)?.[1]?.replaceAll(',', '');
  return release?.level === undefined ? release!.withinMs : (release.level.estimate / perVisit / Number(speed)) * 1_000;
}
