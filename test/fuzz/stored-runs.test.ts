import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareRuns } from '../../harness/analyse/comparison/compare.js';
import { storedRunFromCurves } from '../../harness/analyse/curves/curve-run.js';
import { companionColumns, storedRunFromSeries } from '../../harness/analyse/series/series-run.js';
import { metricDefinition } from '../../harness/model/metric.js';
import { analyse } from '../../harness/run/analyse-run.js';
import { readRecording } from '../../harness/series/read-recording.js';
import { loadRun, readRunRecord } from '../../harness/store/load-run.js';
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

/** Minutes as several tools record them. */
const minutes = Array.from({ length: 40 }, (_, minute) => minute);
const epoch = 1_772_366_400;
const recordings: Readonly<Record<string, string>> = {
  grafana: ['"Time","rss"', ...minutes.map((minute) => `2026-03-01 12:${minute + 10}:00,${minute + 50} MiB`), ''].join(
    '\n',
  ),
  prometheus: JSON.stringify({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'process_open_fds', pod: 'a' },
          values: minutes.map((minute) => [epoch + 60 * minute, String(20 + minute)]),
        },
      ],
    },
  }),
  openMetrics: minutes.map((minute) => `process_open_fds{pod="a"} ${20 + minute} ${epoch + 60 * minute}\n`).join(''),
  docker: minutes
    .map(
      (minute) =>
        `CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   PIDS\nf00ba4   shop   0.5%   ${minute}MiB / 512MiB   9\n`,
    )
    .join(''),
  pidusage: minutes
    .map((minute) => `{ memory: ${minute + 2 ** 24}, pid: 7, timestamp: ${epoch * 1000 + minute} }\n`)
    .join(''),
};

it.each(['csv', ...Object.keys(recordings)])(
  'what something else recorded as %s is refused with a message, or judged',
  async (name) => {
    const path = join(directory, `${name}.txt`);
    const isMetric = (column: string) => metricDefinition(column) !== undefined;
    const whole = name === 'csv' ? table : Buffer.from(recordings[name]!);
    let judged = 0;
    await fc.assert(
      fc.asyncProperty(damaged(whole), async (content) => {
        writeFileSync(path, content);
        const recording = await orRaisedLater(() => readRecording(path, { isMetric, companions: companionColumns }));
        if (recording === undefined) return;
        judged += 1;
        const record = orRaised(() =>
          analyse(
            recording.kind === 'cycles' ? storedRunFromSeries(recording.series) : storedRunFromCurves(recording.curves),
          ),
        );
        if (record !== undefined) expectInert('terminal', terminalReport(record, { verbose: true }));
      }),
      // One that is not damaged must be read.
      { ...fuzzing, examples: [[whole]] },
    );
    expect(judged).toBeGreaterThan(0);
  },
);
