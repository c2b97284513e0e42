import { fileURLToPath } from 'node:url';
import { type RunRecord, runScenario } from 'plateau';
import { describe, expect, test } from 'vitest';
import type { ScenarioDefinition } from '../../harness/model/scenario.js';
import { clockObstacle } from '../../harness/runtimes/native/virtual-clock.js';
import { hasCommand } from '../support/managed-judgement.js';
import { hasPython } from '../support/python-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/library-clock/${name}`, import.meta.url));
const minuteMs = 60_000;

function soak(command: readonly [string, ...string[]], path: string): Promise<RunRecord> {
  const scenario: ScenarioDefinition = {
    name: 'kept-for-half-an-hour',
    target: { command, virtualTime: true },
    operations: { visit: { create: { method: 'POST', path } } },
  };
  const options = { seed: 41, attribution: 'off', outDirectory: temporaryDirectory() } as const;
  return runScenario(scenario, options);
}

function expectKept({ verdict, reason, findings }: RunRecord): void {
  expect({ verdict, reason }).toMatchObject({ verdict: 'plateau' });
  const { release } = findings.find(({ metric }) => metric === 'heapUsed')!;
  expect(release!.withinMs / minuteMs).toBeGreaterThan(27);
  expect(release!.withinMs / minuteMs).toBeLessThan(34);
}

describe.runIf(hasPython)('a service in Python', () => {
  const command = ['python3', fixture('sessions.py'), '{port}'] as const;

  test('levels off where a thread drops sessions by the monotonic clock', async () => {
    expectKept(await soak(command, '/sessions/{cycle}'));
  });

  test('leaks where it drops none', async () => {
    const { verdict, reason } = await soak([...command, '--keep'], '/sessions/{cycle}');
    expect({ verdict, reason }).toMatchObject({ verdict: 'leak' });
  });
});

describe.runIf(hasCommand('javac'))('a service in Java', () => {
  const command = ['java', '-Xmx256m', fixture('Tickets.java'), '{port}'] as const;

  test('levels off where a task drops tickets by System.nanoTime', async () => {
    expectKept(await soak(command, '/tickets/{cycle}'));
  });

  test('leaks where it drops none', async () => {
    const { verdict, reason } = await soak([...command, '--keep'], '/tickets/{cycle}');
    expect({ verdict, reason }).toMatchObject({ verdict: 'leak' });
  });
});

test('a process that did not load the library keeps real time, which is said', () => {
  expect(clockObstacle(process.pid)).toContain('it did not load the library');
});
