import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import {
  csvReport,
  htmlReport,
  jsonReport,
  jsonSchema,
  junitReport,
  markdownReport,
  runSummary,
  terminalReport,
} from '../../../reporters/index.js';
import { leakRecord } from '../../support/leak-record.js';
import { nastyRecord } from '../../support/nasty-record.js';
import { allRecords, plateauRecord } from '../../support/run-records.js';
import { leakSamples } from '../../support/sample-tables.js';

const records = Object.entries(allRecords);

describe('JSON report', () => {
  it('is the record on one line, and nothing in it acts on a terminal', () => {
    for (const [, record] of records) {
      const json = jsonReport(record);
      expect(json).toMatch(/^[^\n]+\n$/);
      expect(json.trimEnd()).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      expect(JSON.parse(json)).toEqual(record);
    }
  });

  it('has a JSON Schema that takes every record and no wrong one', () => {
    const schema = jsonSchema();
    expect(schema).toMatchObject({
      $schema: expect.stringContaining('2020-12'),
      title: 'plateau run record',
      type: 'object',
    });
    const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    for (const [, record] of records) expect(validator.safeParse(JSON.parse(jsonReport(record))).error).toBeUndefined();
    expect(validator.safeParse({ ...plateauRecord, verdict: 'fine' }).success).toBe(false);
    expect(validator.safeParse({ ...plateauRecord, counts: {} }).success).toBe(false);
    expect(validator.safeParse({ ...plateauRecord, addedLater: 1 }).success).toBe(true);
  });
});

describe('JUnit report', () => {
  const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
  const schema = fileURLToPath(new URL('../../fixtures/junit.xsd', import.meta.url));

  it('has a case for the verdict and one for each metric', async () => {
    await expect(junitReport([leakRecord, allRecords.inconclusive!])).toMatchFileSnapshot('golden/junit.xml');
  });

  it.skipIf(!hasXmllint)('is valid for every record, apart and together (needs xmllint)', () => {
    const reports = [...records.map(([, record]) => [record]), records.map(([, record]) => record), []].map(
      junitReport,
    );
    for (const input of reports) {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], {
        input,
        encoding: 'utf8',
      });
      expect(stderr).toBe('- validates\n');
      expect(status).toBe(0);
    }
  });

  it.skipIf(!hasXmllint)('would not validate against that schema with a wrong attribute (needs xmllint)', () => {
    const input = junitReport([leakRecord]).replace('tests=', 'test=');
    expect(spawnSync('xmllint', ['--noout', '--schema', schema, '-'], { input }).status).not.toBe(0);
  });

  it('passes nothing that was not shown to be sound', () => {
    const outcomes = records.map(([name, record]) => {
      const whole = junitReport([record]).match(/<testcase name="verdict"[^>]*>\s*<?(\w*)/)?.[1];
      return [name, whole];
    });
    expect(Object.fromEntries(outcomes)).toEqual({
      plateau: 'testcase',
      leak: 'failure',
      inconclusive: 'error',
      crashed: 'error',
      interrupted: 'error',
      stalled: 'failure',
      nasty: 'failure',
    });
  });
});

describe('Markdown report', () => {
  for (const [name, record] of records)
    it(name, async () => {
      await expect(markdownReport(record, { directory: '/srv/app' })).toMatchFileSnapshot(
        `golden/markdown-${name}.txt`,
      );
    });

  it('keeps markup of a target out of what is rendered', () => {
    const outsideCode = markdownReport(nastyRecord).replace(/`[^`\n]*`/g, '');
    expect(outsideCode.replaceAll(/<\/?sub>/g, '')).not.toMatch(/<|(?<!\\)\[/);
  });
});

describe('CSV report', () => {
  /** Cells of RFC 4180 text. */
  const parse = (csv: string) =>
    csv
      .split('\r\n')
      .slice(0, -1)
      .map((line) =>
        [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
          cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
        ),
      );

  it('has every sample on a row, and a blank where nothing was read', () => {
    const samples = leakSamples();
    const [header = [], ...rows] = parse(csvReport(leakRecord, samples));
    expect(rows).toHaveLength(samples.length);
    expect(header.slice(0, 6)).toEqual(['kind', 'phase', 'round', 'elapsedMs', 'cycles', 'cycles.branch']);
    for (const [metric, values] of samples.metrics) {
      const column = header.indexOf(metric);
      expect(rows.map((row) => (row[column] === '' ? Number.NaN : Number(row[column])))).toEqual([...values]);
    }
  });

  it('quotes what must be quoted', () => {
    const samples = { ...leakSamples(), metrics: new Map([['gauge.a,"b"\n', new Float64Array(301)]]) };
    expect(csvReport(leakRecord, samples).split('\r\n')[0]).toBe(
      'kind,phase,round,elapsedMs,cycles,cycles.branch,"gauge.a,""b""\n"',
    );
  });
});

test('what is kept for a time, and the level that it costs, is in every report', () => {
  const kept = 'kept for 30 min, then released: 41 MiB (39 MiB to 43 MiB) at 100 cycles per second';
  const record = { ...plateauRecord, reason: `all 3 judged metrics stay within their budgets; heapUsed is ${kept}` };
  const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
  expect(flat(terminalReport(record))).toContain(kept);
  for (const report of [
    jsonReport(record),
    junitReport([record]),
    markdownReport(record),
    htmlReport(record, leakSamples()),
  ])
    expect(report).toContain(kept);
  expect(runSummary(record).reason).toContain(kept);
});
