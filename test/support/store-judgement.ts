import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type RunRecord, runScenario } from 'plateau';
import { expect } from 'vitest';
import { versionedDirectories } from '../../harness/target/find-executable.js';
import type { StoreCase } from '../fixtures/runtimes/store-case.js';
import { temporaryDirectory } from './temporary-directory.js';

const onPath = (file: string) => (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, file)));

export const hasRedis = onPath('redis-server');
export const hasRuby = onPath('ruby');
export const hasPostgres = versionedDirectories('/usr/lib/postgresql', 'bin').some((path) =>
  existsSync(join(path, 'initdb')),
);

export function soakCase({ scenario }: StoreCase, durationMs = 90_000): Promise<RunRecord> {
  // Its types are those of the sources, which the built package has too.
  return runScenario(scenario as Parameters<typeof runScenario>[0], {
    seed: 41,
    durationMs,
    outDirectory: temporaryDirectory(),
  });
}

/** The run says what is known of the case: the verdict, the size of the leak, and what it is of. */
export async function expectTruth(storeCase: StoreCase): Promise<void> {
  const record = await soakCase(storeCase);
  const { leak } = storeCase;
  if (leak === undefined) {
    expect(record).toMatchObject({ verdict: 'plateau' });
    return;
  }
  expect(record).toMatchObject({ verdict: 'leak' });
  const leaking = record.findings.filter(({ verdict }) => verdict === 'leak').map(({ metric }) => metric);
  expect([leak.metric, ...(leak.also ?? [])].some((metric) => leaking.includes(metric))).toBe(true);
  const { slope } = record.findings.find(({ metric }) => metric === leak.metric)!;
  expect(slope.estimate / leak.perCycle).toBeCloseTo(1, 0);
  const named = record.suspects.map(({ description, holder }) => `${description} ${holder?.description ?? ''}`);
  expect(named).toContainEqual(expect.stringMatching(leak.cause));
}
