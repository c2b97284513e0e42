import { expect } from 'vitest';
import type { NativeCase } from '../fixtures/runtimes/native/cases.js';
import { lineOfLeak, soakNative, suspectsAt } from './native-services.js';

/** Soaks a behaviour and expects the verdict, the size and the line that reading its code gives. */
export async function expectTruth(program: string, trial: NativeCase, outDirectory: string): Promise<void> {
  const record = await soakNative(program, trial, { outDirectory });
  const { leak } = trial;
  if (leak === undefined) {
    expect(record).toMatchObject({ verdict: 'plateau', exitCode: 0 });
    return;
  }
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const { slope } = record.findings.find(({ metric }) => metric === leak.metric)!;
  expect(slope.low, leak.metric).toBeLessThanOrEqual(leak.perCycle * 1.1);
  expect(slope.high, leak.metric).toBeGreaterThanOrEqual(leak.perCycle * 0.9);
  const suspects = suspectsAt(record, lineOfLeak(trial));
  expect(suspects, JSON.stringify(record.suspects)).not.toEqual([]);
  if (leak.words !== undefined) expect(suspects.map(({ description }) => description).join()).toContain(leak.words);
}
