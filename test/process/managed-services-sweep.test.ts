import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { runScenario } from 'plateau';
import { describe, expect, it } from 'vitest';
import type { ScenarioDefinition } from '../../harness/model/scenario.js';
import { sessionsScenario } from '../../scenarios/sessions/sessions-scenario.js';
import * as go from '../fixtures/runtimes/go/cases.js';
import * as jvm from '../fixtures/runtimes/jvm/cases.js';
import { expectTruth, hasCommand } from '../support/managed-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(hasCommand('go'))('every service in Go', () => {
  it.each([...go.leakingCases, ...go.soundCases])('$scenario.name', (trial) =>
    expectTruth(trial, temporaryDirectory()),
  );
});

describe.runIf(hasCommand('go'))('a compiled service in Go, of which pages alone are seen,', () => {
  async function judged(mode: string, load: Pick<ScenarioDefinition, 'operations' | 'universe'>) {
    const outDirectory = temporaryDirectory();
    const binary = path.join(outDirectory, 'service');
    execFileSync('go', ['build', '-o', binary, './service.go'], { cwd: go.directory });
    const target = {
      command: [binary],
      env: { PORT: '{port}', MODE: mode },
      ready: { line: 'listening' },
    } as const;
    const record = await runScenario(
      { name: 'go/compiled', target, ...load },
      { durationMs: 110_000, seed: 41, outDirectory },
    );
    return { ...record, pages: record.findings.find(({ metric }) => metric === 'uss') };
  }

  it('levels off once a cache of 50,000 entries is full', async () => {
    const search = { create: { method: 'GET', path: '/search?q={cycle}' } } as const;
    const { verdict, reason, pages } = await judged('', { operations: { search }, universe: 'fresh' });
    expect(verdict, reason).toBe('plateau');
    expect(pages).toMatchObject({ verdict: 'plateau', shape: 'saturating' });
  });

  it('leaks where a map keeps an entry of each session', async () => {
    const { verdict, reason, pages } = await judged('map', sessionsScenario);
    expect(verdict, reason).toBe('leak');
    expect(pages?.slope.estimate).toBeGreaterThan(100);
  });
});

describe.runIf(hasCommand('javac'))('every service in Java', () => {
  it.each([...jvm.leakingCases, ...jvm.soundCases])('$scenario.name', (trial) =>
    expectTruth(trial, temporaryDirectory()),
  );
});
