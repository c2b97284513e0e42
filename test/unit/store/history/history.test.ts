import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownIdentity } from '../../../../harness/platform/process-identity.js';
import { openHistory } from '../../../../harness/store/history/history.js';
import { nightEntry } from '../../../support/nights.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const entries = [1, 2, 3].map((number) => nightEntry({ number, gaugeSlope: number === 3 ? 1 : 0 }));
const other = nightEntry({ number: 2, scenario: 'shop/search', variant: 'ws' });

describe('history', () => {
  it('gives back what was added, oldest first', async () => {
    const history = openHistory(join(temporaryDirectory(), 'out'));
    expect(history.exists()).toBe(false);
    await expect(history.entries()).resolves.toEqual([]);
    await history.add([entries[2]!, other]);
    await history.add([entries[0]!, entries[1]!]);
    const read = await history.entries();
    expect(read.map(({ run }) => [run.night, run.scenario])).toEqual(
      [entries[0]!, ...[entries[1]!, other].sort((a, b) => (a.run.runId < b.run.runId ? -1 : 1)), entries[2]!].map(
        ({ run }) => [run.night, run.scenario],
      ),
    );
    expect(read.find(({ run }) => run.runId === entries[2]!.run.runId)).toEqual(entries[2]);
    expect(read.find(({ run }) => run.scenario === 'shop/search')).toEqual(other);
  });

  it('keeps a row for each finding, and throughput, footprint and latency', () => {
    const metrics = entries[2]!.rows.map(({ metric }) => metric);
    expect(metrics).toEqual([
      'fds',
      'footprint',
      'gauge.carts',
      'heapUsed',
      'latency.cycle.create.p50',
      'latency.cycle.create.p99',
      'rss',
      'throughput',
    ]);
    expect(entries[2]!.rows[2]).toMatchObject({
      verdict: 'leak',
      slope: { estimate: expect.closeTo(1, 1), unit: 'entries/cycle' },
      budget: expect.any(Number),
    });
    expect(entries[2]!.rows[7]).toMatchObject({ unit: 'cycles/s', level: { estimate: expect.any(Number) } });
  });

  it('replaces a run that is added again', async () => {
    const history = openHistory(temporaryDirectory());
    await history.add(entries);
    const changed = { run: { ...entries[1]!.run, reason: 'judged again' }, rows: entries[1]!.rows.slice(0, 1) };
    await history.add([changed]);
    const read = await history.entries();
    expect(read).toHaveLength(3);
    expect(read[1]).toEqual(changed);
  });

  it('answers for a scenario, a variant, a metric and the last runs', async () => {
    const history = openHistory(temporaryDirectory());
    await history.add([...entries, other]);
    const runs = async (query: Parameters<typeof history.entries>[0]) =>
      (await history.entries(query)).map(({ run }) => `${run.scenario} ${run.night}`);
    await expect(runs({ scenario: 'shop/search' })).resolves.toEqual(['shop/search 2026-03-02']);
    await expect(runs({ variant: 'ws' })).resolves.toEqual(['shop/search 2026-03-02']);
    await expect(runs({ scenario: 'shop/carts', lastRuns: 2 })).resolves.toEqual([
      'shop/carts 2026-03-02',
      'shop/carts 2026-03-03',
    ]);
    await expect(runs({ lastRuns: 1 })).resolves.toEqual(['shop/search 2026-03-02', 'shop/carts 2026-03-03']);
    const ofMetric = await history.entries({ metric: 'fds' });
    expect(ofMetric.flatMap(({ rows }) => rows.map(({ metric }) => metric))).toEqual(['fds', 'fds', 'fds', 'fds']);
  });

  it('is for its owner alone, an ordinary SQLite file', async () => {
    const history = openHistory(temporaryDirectory());
    await history.add(entries);
    expect(statSync(history.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(history.path).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it('takes over the locks of a process that is dead', async () => {
    const directory = temporaryDirectory();
    const history = openHistory(directory);
    await history.add(entries.slice(0, 1));
    // What a writer leaves that was killed in the middle: its claim, and the lock directory of the database.
    const dead = { ...ownIdentity(), startTime: ownIdentity().startTime - 1 };
    writeFileSync(join(directory, 'history.lock'), JSON.stringify(dead));
    mkdirSync(`${history.path}.lock`);
    await history.add(entries.slice(1));
    expect(existsSync(join(directory, 'history.lock'))).toBe(false);
    await expect(history.entries()).resolves.toHaveLength(3);
  });

  it('waits for one that lives', async () => {
    const directory = temporaryDirectory();
    const history = openHistory(directory);
    await Promise.all(entries.map((entry) => history.add([entry])));
    await expect(history.entries()).resolves.toHaveLength(3);
  });

  it('names what to do with a file that is damaged or of another version', async () => {
    const directory = temporaryDirectory();
    const history = openHistory(directory);
    writeFileSync(history.path, 'no database at all, but long enough to be looked at'.repeat(40));
    await expect(history.entries()).rejects.toMatchObject({
      code: 'PLATEAU_STORE',
      hint: 'plateau history --rebuild makes it anew from the run directories',
    });
    await history.replaceAll(entries);
    await expect(history.entries()).resolves.toEqual(entries);
    const version = readFileSync(history.path);
    version.writeUInt32BE(99, 60);
    writeFileSync(history.path, version);
    await expect(history.entries()).rejects.toThrow(/version 99/);
  });
});
