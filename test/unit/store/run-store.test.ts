import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../../harness/model/run-log.js';
import { GrowingRun, loadRun, readRunRecord } from '../../../harness/store/load-run.js';
import { runFiles } from '../../../harness/store/run-layout.js';
import { createRunStore, writeReport, writeRunRecord } from '../../../harness/store/run-store.js';
import { plateauRecord } from '../../support/run-records.js';
import { manifestWith, sampleWith } from '../../support/stored-runs.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const counts: RunEvent = { event: 'counts', round: 0, created: 220, destroyed: 220, failed: 0 };
const end: RunEvent = { event: 'end', reason: 'decided', endedAt: '2026-01-31T12:00:09.000Z' };

test('what is written is read back: manifest, samples by column, events in order', async () => {
  const outDirectory = temporaryDirectory();
  const manifest = manifestWith();
  const store = createRunStore(outDirectory, manifest);
  store.writeEvent({ event: 'audit', check: 'control', ok: true, detail: 'seen' });
  await store.writeSample(sampleWith());
  await store.writeSample(
    sampleWith({ kind: 'load', elapsedMs: 150, values: { heapUsed: 6_500_000, 'gauge.locks': 3 } }),
  );
  store.writeEvent(counts);
  await store.writeSample(sampleWith({ round: 1, elapsedMs: 200, cycles: 440, values: { fds: 23 } }));
  store.writeEvent(end);
  await store.close();

  const run = await loadRun(manifest.id, { outDirectory });
  expect(run.manifest).toEqual(manifest);
  expect(run.directory).toBe(store.directory);
  expect(run.samples.kinds).toEqual(['floor', 'load', 'floor']);
  expect([...run.samples.cycles]).toEqual([220, 220, 440]);
  expect(Object.fromEntries([...run.samples.metrics].map(([name, values]) => [name, [...values]]))).toEqual({
    heapUsed: [6_000_000, 6_500_000, Number.NaN],
    fds: [23, Number.NaN, 23],
    'gauge.locks': [Number.NaN, 3, Number.NaN],
  });
  expect(run.events.map(({ event }) => event)).toEqual(['audit', 'counts', 'end']);
});

test('of events that replace the ones before, the last is kept', async () => {
  const outDirectory = temporaryDirectory();
  const store = createRunStore(outDirectory, manifestWith());
  const latencyOf = (count: number): RunEvent => ({
    event: 'latency',
    latency: { 'branch.create': { count, p50: 1, p90: 2, p99: 3, max: 4 } },
  });
  for (const event of [latencyOf(220), counts, latencyOf(440), end]) store.writeEvent(event);
  await store.close();
  const { events } = await loadRun('latest', { outDirectory });
  expect(events).toEqual([latencyOf(440), counts, end]);
});

test('directories are 0700, files 0600, and the output directory stays out of version control', async () => {
  const outDirectory = join(temporaryDirectory(), 'out');
  const store = createRunStore(outDirectory, manifestWith());
  await store.writeSample(sampleWith());
  store.writeAttribution({ suspects: [], explained: {}, warnings: [], artifacts: [] });
  await store.close();
  writeRunRecord(store.directory, plateauRecord);
  writeReport(store.directory, '<!doctype html>');
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  for (const directory of [outDirectory, join(outDirectory, 'runs'), store.directory, store.pathFor('attribution')])
    expect(modeOf(directory), directory).toBe('700');
  for (const name of [runFiles.manifest, runFiles.samples, runFiles.record, runFiles.report, runFiles.attribution])
    expect(modeOf(join(store.directory, name)), name).toBe('600');
  expect(readFileSync(join(outDirectory, '.gitignore'), 'utf8')).toBe('*\n');
});

test('a run that was never judged has no record; a judged one has the same record', async () => {
  const store = createRunStore(temporaryDirectory(), manifestWith());
  expect(await readRunRecord(store.directory)).toBeUndefined();
  writeRunRecord(store.directory, plateauRecord);
  expect(await readRunRecord(store.directory)).toEqual(plateauRecord);
});

test('a run killed before its first sample loads, empty', async () => {
  const outDirectory = temporaryDirectory();
  createRunStore(outDirectory, manifestWith());
  const run = await loadRun('latest', { outDirectory });
  expect(run.samples.length).toBe(0);
  expect(run.events).toEqual([]);
});

test('every cut of the samples file loads what was whole before the cut', async () => {
  const outDirectory = temporaryDirectory();
  const store = createRunStore(outDirectory, manifestWith());
  for (let round = 0; round < 3; round += 1) await store.writeSample(sampleWith({ round, elapsedMs: round }));
  await store.close();
  const path = join(store.directory, runFiles.samples);
  const whole = readFileSync(path);
  for (let length = whole.length; length >= 0; length -= 1) {
    truncateSync(path, length);
    const { samples } = await loadRun('latest', { outDirectory });
    const text = whole.toString('utf8', 0, length);
    const rows = text.split('\n').filter((line) => line.startsWith('[') && line.endsWith(']'));
    expect(samples.length, text).toBe(rows.length);
  }
});

test('a run that goes on is read on from any cut, each line once', async () => {
  const store = createRunStore(temporaryDirectory(), manifestWith());
  for (const round of [0, 1]) await store.writeSample(sampleWith({ round, elapsedMs: round }));
  store.writeEvent(end);
  await store.close();
  const path = join(store.directory, runFiles.samples);
  const whole = readFileSync(path);
  for (let length = 0; length <= whole.length; length += 1) {
    const growing = new GrowingRun(store.directory);
    writeFileSync(path, whole.subarray(0, length));
    const rows = whole.toString('utf8', 0, length).match(/^\[.*\]\n/gm) ?? [];
    expect((await growing.read()).samples.length).toBe(rows.length);
    writeFileSync(path, whole);
    const { samples, events } = await growing.read();
    expect([...samples.elapsedMs]).toEqual([0, 1]);
    expect(events).toEqual([end]);
  }
});

test.each([
  ['half a row', '["floor","measure",1,20', /samples\.ndjson:3: .*JSON/],
  [
    'a row of another width',
    '["floor","measure",1,200,440,440,6000000]',
    /samples\.ndjson:3: expected 8 values, got 7/,
  ],
  ['a cell that is no number', '["floor","measure",1,200,440,440,"x",23]', /:3: heapUsed must be a number or null/],
  ['an unknown kind', '["ceiling","measure",1,200,440,440,1,23]', /:3: expected "floor" or "load", got "ceiling"/],
  ['an unknown phase', '["floor","party",1,200,440,440,1,23]', /:3: unknown phase "party"/],
  ['something else', '42', /:3: expected a row/],
  ['foreign columns', '{"columns":["time"]}', /:3: expected "columns" that begin with kind/],
])('damage in the middle names file and line: %s', async (_name, line, message) => {
  const outDirectory = temporaryDirectory();
  const store = createRunStore(outDirectory, manifestWith());
  await store.writeSample(sampleWith());
  await store.close();
  appendFileSync(join(store.directory, runFiles.samples), `${line}\n{"event":"end"}\n`);
  await expect(loadRun('latest', { outDirectory })).rejects.toMatchObject({
    code: 'PLATEAU_INVALID_RUN',
    message: expect.stringMatching(message),
  });
});

test.each([
  ['empty', '', /expected JSON, got an empty file/],
  ['cut short', '{"schemaVersion":1,"id":"2026', /characters that are not JSON/],
  ['of another version', '{"schemaVersion":2}', /expected schemaVersion 1, got 2/],
  ['of another shape', JSON.stringify({ ...manifestWith(), seed: 'x' }), /seed: .*number/],
])('a manifest that is %s is an error with a hint', async (_name, content, message) => {
  const outDirectory = temporaryDirectory();
  const store = createRunStore(outDirectory, manifestWith());
  writeFileSync(join(store.directory, runFiles.manifest), content);
  await expect(loadRun('latest', { outDirectory })).rejects.toMatchObject({
    code: 'PLATEAU_INVALID_RUN',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/./),
  });
});

test('a directory that is there already is not written to', () => {
  const outDirectory = temporaryDirectory();
  createRunStore(outDirectory, manifestWith());
  expect(() => createRunStore(outDirectory, manifestWith())).toThrow(/EEXIST/);
});

test('an output directory that is a file is a store error that names it', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => createRunStore(file, manifestWith())).toThrow(
    expect.objectContaining({ code: 'PLATEAU_STORE', message: expect.stringContaining(file) }),
  );
});

test('after close nothing can be written, and closing again is harmless', async () => {
  const store = createRunStore(temporaryDirectory(), manifestWith());
  await store.close();
  await store.close();
  expect(() => store.writeEvent(end)).toThrow(expect.objectContaining({ code: 'PLATEAU_STORE' }));
});
