import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addToHistory, readHistory, rebuildHistory } from '../../harness/run/nightly/keep-history.js';
import { openHistory } from '../../harness/store/history/history.js';
import { loadRun, readRunRecord } from '../../harness/store/load-run.js';
import { fixture, plateau } from '../support/cli.js';
import { nightEntry, nightRun, storeRun } from '../support/nights.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const writer = fileURLToPath(new URL('../fixtures/history/writer.mjs', import.meta.url));
const entry = nightEntry({ number: 1 });

function startWriter(directory: string, name: string, count: number) {
  const entryFile = join(directory, 'entry.json');
  writeFileSync(entryFile, JSON.stringify(entry));
  const child = spawn(process.execPath, [writer, join(directory, 'out'), entryFile, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

describe('history of several processes', () => {
  it('loses nothing when they write at once', async () => {
    const directory = temporaryDirectory();
    const writers = ['one', 'two', 'three'].map((name) => startWriter(directory, name, 15));
    const codes = await Promise.all(writers.map(async ({ child }) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    const entries = await openHistory(join(directory, 'out')).entries();
    expect(entries).toHaveLength(45);
    expect(new Set(entries.map(({ rows }) => rows.length))).toEqual(new Set([entry.rows.length]));
  });

  it('holds every run that was asked to be added, whole, after kill -9 at any moment', async () => {
    const directory = temporaryDirectory();
    const added: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { child, lines } = startWriter(directory, `round${round}`, 10_000);
      let toGo = 1 + round;
      for await (const line of lines) {
        added.push(line);
        toGo -= 1;
        // A little later each time, so that it falls into every part of a write.
        if (toGo === 0) setTimeout(() => child.kill('SIGKILL'), round);
      }
    }
    const entries = await openHistory(join(directory, 'out')).entries();
    const ids = new Set(entries.map(({ run }) => run.runId));
    expect(added.filter((id) => !ids.has(id))).toEqual([]);
    expect(entries.filter(({ rows }) => rows.length !== entry.rows.length)).toEqual([]);
  });
});

describe('keeping history', () => {
  it('is the same when it is made anew, and knows what belongs in it', async () => {
    const out = join(temporaryDirectory(), 'out');
    for (const number of [1, 2, 3]) {
      const directory = await storeRun(out, nightRun({ number, gaugeSlope: number === 3 ? 1 : 0 }));
      const record = (await readRunRecord(directory))!;
      await addToHistory(out, await loadRun(directory), record);
    }
    const canary = await storeRun(out, nightRun({ number: 4, manifest: { purpose: 'canary' } }));
    expect(await addToHistory(out, await loadRun(canary), (await readRunRecord(canary))!)).toBeUndefined();
    const unjudged = await storeRun(out, nightRun({ number: 5 }));
    rmSync(join(unjudged, 'run.json'));
    const before = await readHistory(out);
    expect(before).toHaveLength(3);
    const { runs, leftOut } = await rebuildHistory(out);
    expect(runs).toBe(3);
    expect(leftOut.map(({ why }) => why)).toEqual(['made for canary', 'not judged: plateau analyse judges it']);
    expect(await readHistory(out)).toEqual(before);
    rmSync(openHistory(out).path);
    expect(await readHistory(out)).toEqual(before);
  });

  it('is made anew without forgetting runs whose directories were deleted', async () => {
    const out = join(temporaryDirectory(), 'out');
    const directories: string[] = [];
    for (const number of [1, 2]) {
      const directory = await storeRun(out, nightRun({ number }));
      await addToHistory(out, await loadRun(directory), (await readRunRecord(directory))!);
      directories.push(directory);
    }
    const before = await readHistory(out);
    rmSync(directories[0]!, { recursive: true });
    expect(await rebuildHistory(out)).toEqual({ runs: 2, remembered: 1, leftOut: [] });
    expect(await readHistory(out)).toEqual(before);
    writeFileSync(openHistory(out).path, 'no database');
    expect(await rebuildHistory(out)).toEqual({ runs: 1, remembered: 0, leftOut: [] });
  });
});

describe('plateau history', () => {
  it('has a run as soon as it has ended, and the same when made anew', async () => {
    const out = join(temporaryDirectory(), 'out');
    const soak = ['run', fixture('leak.mjs'), '--attribution', 'off', '--quiet', '--out', out];
    for (const seed of ['1', '2']) expect((await plateau([...soak, '--seed', seed])).exitCode).toBe(1);
    const first = await plateau(['history', '--json', '--out', out]);
    expect(first.exitCode).toBe(0);
    const { series } = JSON.parse(first.stdout) as { series: { scenario: string; runs: unknown[]; trends: Trend[] }[] };
    expect(series).toMatchObject([{ scenario: 'leak', runs: [{ verdict: 'leak' }, { verdict: 'leak' }] }]);
    const kept = series[0]!.trends.find(({ metric, quantity }) => metric === 'gauge.kept' && quantity === 'slope');
    expect(kept?.points.map(({ value }) => Math.round(value * 100) / 100)).toEqual([1, 1]);
    const again = await plateau(['history', '--rebuild', '--json', '--out', out]);
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr).toContain('History of 2 runs, made anew');
  });

  it('shows trends, writes a page, and names what it does not know', async () => {
    const directory = temporaryDirectory();
    const out = join(directory, 'out');
    for (let number = 1; number <= 10; number += 1)
      await storeRun(out, nightRun({ number, gaugeSlope: number >= 6 ? 1 : 0 }));
    const shown = await plateau(['history', 'shop', '--out', out]);
    expect(shown.stdout).toMatch(
      /shop\/carts\n {2}10 runs, 2026-03-01 to 2026-03-10\n {2}✓✓✓✓✓✗✗✗✗✗ {2}leak since 2026-03-06/,
    );
    expect(shown.stdout).toMatch(
      /gauge\.carts slope {2}▁▁▁▁▁█████ .* 1\/cycle\n {6}◆ 0\/cycle → 1\/cycle since 2026-03-06/,
    );
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const page = await plateau(['history', '--html', 'page.html', '--out', out], { directory });
    expect(page).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readFileSync(join(directory, 'page.html'), 'utf8')).toContain('shop/carts');
    expect(await plateau(['history', 'shop/cart', '--out', out])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('shop/carts'),
    });
    expect(await plateau(['history', '--metric', 'heapUsd', '--out', out])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('heapUsed'),
    });
    const none = await plateau(['history', '--out', join(directory, 'nothing')]);
    expect(none).toMatchObject({ exitCode: 0, stdout: 'No runs in the history yet.\n' });
    expect(existsSync(join(directory, 'nothing'))).toBe(false);
  });
});

interface Trend {
  readonly metric: string;
  readonly quantity: string;
  readonly points: readonly { readonly value: number }[];
}
