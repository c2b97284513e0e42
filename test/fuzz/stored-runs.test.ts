import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareRuns } from '../../harness/analyse/comparison/compare.js';
import { companionColumns, storedRunFromSeries } from '../../harness/analyse/series/series-run.js';
import { metricDefinition } from '../../harness/model/metric.js';
import { analyse } from '../../harness/run/analyse-run.js';
import { loadRun, readRunRecord } from '../../harness/store/load-run.js';
import { readSeries } from '../../harness/store/read-series.js';
import {
  csvReport,
  htmlReport,
  jsonReport,
  junitReport,
  markdownReport,
  terminalReport,
} from '../../reporters/index.js';
import { changed, damaged, expectInert, fuzzing, orRaised, orRaisedLater } from '../support/fuzz.js';
import { nightRun, storeRun } from '../support/nights.js';

let directory = '';
let manifest: unknown;
let samples: Buffer;
let table: Buffer;

beforeAll(async () => {
  const out = mkdtempSync(join(tmpdir(), 'plateau-fuzz-'));
  directory = await storeRun(out, nightRun({ number: 1, scenario: 'api/sessions', heapSlope: 12 }));
  manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  samples = readFileSync(join(directory, 'samples.ndjson'));
  const run = await loadRun(directory);
  table = Buffer.from(csvReport(analyse(run), run.samples));
});
afterAll(() => rmSync(join(directory, '..', '..'), { recursive: true, force: true }));

async function judge(): Promise<void> {
  const run = await orRaisedLater(() => loadRun(directory));
  if (run === undefined) return;
  const record = orRaised(() => analyse(run));
  if (record === undefined) return;
  orRaised(() => compareRuns(run, run));
  expectInert('markup', htmlReport(record, run.samples));
  expectInert('markup', junitReport([record]));
  expectInert('markdown', markdownReport(record));
  expectInert('terminal', terminalReport(record, { verbose: true }));
  expectInert('terminal', jsonReport(record));
  csvReport(record, run.samples);
}

it('the manifest of a stranger is refused with a message, or judged', async () => {
  const value = fc.oneof(
    changed(manifest).map((one) => JSON.stringify(one)),
    damaged(Buffer.from(JSON.stringify(manifest))),
  );
  writeFileSync(join(directory, 'samples.ndjson'), samples);
  await fc.assert(
    fc.asyncProperty(value, async (text) => {
      writeFileSync(join(directory, 'manifest.json'), text ?? '');
      await judge();
    }),
    fuzzing,
  );
});

it('the samples of a stranger are refused with a message, or judged', async () => {
  const lines = samples
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const crafted = changed(lines).map((all) =>
    (Array.isArray(all) ? all : [all]).map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  await fc.assert(
    fc.asyncProperty(fc.oneof(crafted, damaged(samples)), async (text) => {
      writeFileSync(join(directory, 'samples.ndjson'), text);
      await judge();
    }),
    fuzzing,
  );
  writeFileSync(join(directory, 'samples.ndjson'), samples);
});

it('causes and records of a stranger are refused with a message, or shown', async () => {
  const record = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as unknown;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        changed(record).map((one) => JSON.stringify(one) ?? ''),
        damaged(Buffer.from(JSON.stringify(record))),
      ),
      async (text) => {
        writeFileSync(join(directory, 'run.json'), text);
        const read = await orRaisedLater(() => readRunRecord(directory));
        if (read !== undefined) expectInert('markup', htmlReport(read));
      },
    ),
    fuzzing,
  );
});

it('a CSV that something else wrote is refused with a message, or judged', async () => {
  const path = join(directory, 'series.csv');
  const isMetric = (column: string) => metricDefinition(column) !== undefined;
  let judged = 0;
  await fc.assert(
    fc.asyncProperty(damaged(table), async (text) => {
      writeFileSync(path, text);
      const series = await orRaisedLater(() =>
        readSeries(path, { x: 'cycles', isMetric, companions: companionColumns }),
      );
      if (series === undefined) return;
      judged += 1;
      const record = orRaised(() => analyse(storedRunFromSeries(series)));
      if (record !== undefined) expectInert('terminal', terminalReport(record, { verbose: true }));
    }),
    fuzzing,
  );
  expect(judged).toBeGreaterThan(0);
});
