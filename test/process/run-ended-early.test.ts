import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { defineScenario, type RunRecord } from 'plateau';
import { describe, expect, it } from 'vitest';
import { fixture, processesOf, soak } from '../support/run-fixture.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const _finding = (record: RunRecord, metric: string) =>
  record.findings.find((candidate) => candidate.metric === metric);

describe('a run that is ended early', () => {
  it('keeps what was sampled', async () => {
    const abort = new AbortController();
    const record = await soak(fixture('sound-functions.mjs'), {
      signal: abort.signal,
      listener: { onProgress: ({ round }) => round >= 5 && abort.abort() },
    });
    expect(record).toMatchObject({ verdict: 'interrupted', exitCode: 130 });
    expect(record.counts.rounds).toBeGreaterThanOrEqual(5);
    expect(processesOf(record.id)).toEqual([]);
  });

  it('while its target starts is interrupted, and no target has crashed', async () => {
    const abort = new AbortController();
    const server = createServer(() => abort.abort()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const record = await soak(
      defineScenario({
        name: 'slow-to-start',
        target: { command: ['node', '-e', `require('node:net').connect(${port}, '127.0.0.1')`, '{port}'] },
        operations: { nothing: { create: () => 1, destroy: () => undefined } },
      }),
      { signal: abort.signal },
    );
    server.close();
    expect(record).toMatchObject({ verdict: 'interrupted', exitCode: 130 });
    expect(processesOf(record.id)).toEqual([]);
  });

  it.each([
    ['removed', (directory: string) => rmSync(directory, { recursive: true })],
    ['renamed', (directory: string) => renameSync(directory, `${directory}-elsewhere`)],
  ])('whose directory is %s is a fault at once, and nothing is left', async (_how, takeAway) => {
    const outDirectory = temporaryDirectory();
    let run = '';
    const soaking = soak(fixture('sound-functions.mjs'), {
      outDirectory,
      untilDecided: false,
      listener: {
        onProgress({ round, runId }) {
          if (round < 3 || run !== '') return;
          run = runId;
          takeAway(join(outDirectory, 'runs'));
        },
      },
    });
    await expect(soaking).rejects.toMatchObject({
      code: 'PLATEAU_STORE',
      exitCode: 4,
      message: expect.stringMatching(/got none: it was removed or renamed in mid-run$/),
    });
    expect(processesOf(run)).toEqual([]);
  });

  it('a cycle that never ends is a stall', async () => {
    const record = await soak(fixture('waiting.scenario.mjs'), { stallMs: 5_000 });
    expect(record).toMatchObject({ verdict: 'stalled', exitCode: 1 });
    expect(record.reason).toMatch(
      /^no cycle finished for 5 s .*; waiting: \d+ in \w+\.create; its event loop is free$/,
    );
    expect(record.suspects).toEqual([]);
    expect(processesOf(record.id)).toEqual([]);
  });

  it('a target that was stopped from outside is a stall that names the stopped process', async () => {
    const { outDirectory, ...record } = await soak(fixture('sound-functions.mjs'), {
      stallMs: 2_000,
      listener: {
        onProgress({ round, runId }) {
          if (round >= 3) for (const pid of processesOf(runId)) process.kill(pid, 'SIGSTOP');
        },
      },
    });
    expect(record).toMatchObject({ verdict: 'stalled', exitCode: 1 });
    expect(record.reason).toMatch(/; process \d+ was stopped from outside, by SIGSTOP or a debugger$/);
    expect(processesOf(record.id)).toEqual([]);
  });

  it('a loop that blocks the target for good is a stall that is named as blocked', async () => {
    const record = await soak(fixture('hanging-functions.mjs'), { stallMs: 5_000 });
    expect(record).toMatchObject({ verdict: 'stalled', exitCode: 1 });
    expect(record.reason).toMatch(/^no cycle finished for 5 s .*; its event loop is blocked$/);
    expect(processesOf(record.id)).toEqual([]);
  });
});
