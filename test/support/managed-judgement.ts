import { spawnSync } from 'node:child_process';
import { runScenario } from 'plateau';
import { expect } from 'vitest';
import type { StoreCase } from '../fixtures/runtimes/store-case.js';

/** Whether a command of a runtime is there; what needs it is skipped visibly where it is not. */
export const hasCommand = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

/** Soaks a case and expects the verdict, the size and the cause that reading its code gives. */
export async function expectTruth({ scenario, leak }: StoreCase, outDirectory: string): Promise<void> {
  const record = await runScenario(scenario, { durationMs: 110_000, seed: 41, outDirectory });
  if (leak === undefined) {
    expect(record, record.reason).toMatchObject({ verdict: 'plateau', exitCode: 0 });
    return;
  }
  expect(record, record.reason).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const { slope } = record.findings.find(({ metric }) => metric === leak.metric)!;
  expect(slope.low, leak.metric).toBeLessThanOrEqual(leak.perCycle * 1.1);
  expect(slope.high, leak.metric).toBeGreaterThanOrEqual(leak.perCycle * 0.9);
  // Those are advised to people who compile C.
  expect(record.warnings.join()).not.toContain('line numbers');
  const causes = record.suspects.map(({ description, holder }) => `${description} ${holder?.description ?? ''}`);
  expect(
    causes.some((cause) => leak.cause.test(cause)),
    causes.join('\n'),
  ).toBe(true);
}

/** The cases of some names. */
export const casesNamed = (cases: readonly StoreCase[], ...names: readonly string[]) =>
  cases.filter(({ scenario: { name } }) => names.includes(name.split('/').at(-1)!));
