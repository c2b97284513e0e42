import { spawnSync } from 'node:child_process';
import { type RunRecord, runScenario } from 'plateau';
import { expect } from 'vitest';
import type { RunListener } from '../../harness/model/run-options.js';
import { lineWith, type PythonCase, pythonScenario, serviceFile } from '../fixtures/runtimes/python/cases.js';
import { temporaryDirectory } from './temporary-directory.js';

export const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;

export const soakPython = (
  subject: PythonCase,
  python?: readonly [string, ...string[]],
  listener: RunListener = {},
): Promise<RunRecord> =>
  runScenario(pythonScenario(subject, python), { seed: 7, outDirectory: temporaryDirectory(), listener });

/** Soaks a service and compares what plateau says of it with what its code says. */
export async function expectTruth(subject: PythonCase, listener?: RunListener): Promise<void> {
  const record = await soakPython(subject, undefined, listener);
  const { verdict, findings, suspects } = record;
  if (subject.leak === undefined) {
    expect({ verdict, reason: record.reason }).toMatchObject({ verdict: 'plateau' });
    return;
  }
  const { metrics, perCycle, lines, holder } = subject.leak;
  expect(verdict).toBe('leak');
  expect(metrics).toContain(findings[0]!.metric);
  for (const [metric, truth] of Object.entries(perCycle)) {
    const { low, high } = findings.find((finding) => finding.metric === metric)!.slope;
    expect([low, high].map((bound) => Math.abs(bound / truth - 1) < 0.1)).toEqual([true, true]);
  }
  const file = serviceFile(subject);
  const wanted = lines.map((text) => lineWith(subject, text));
  const named = suspects.find(({ location }) => location?.file === file && wanted.includes(location.line));
  expect({ wanted, suspects, isNamed: named !== undefined }).toMatchObject({ isNamed: true });
  if (holder !== undefined) expect(named!.holder?.description).toContain(holder);
}
