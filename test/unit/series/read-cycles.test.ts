import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import papaparse from 'papaparse';
import { expect, test } from 'vitest';
import { metricDefinition } from '../../../harness/model/metric.js';
import type { SeriesRequest } from '../../../harness/series/read-cycles.js';
import { readRecording } from '../../../harness/series/read-recording.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const isMetric = (column: string) => metricDefinition(column) !== undefined;

async function readSeries(path: string, request: SeriesRequest) {
  const recording = await readRecording(path, request);
  if (recording.kind !== 'cycles') throw new Error('expected floors over cycles');
  return recording.series;
}

async function read(content: string | Uint8Array, request: { x?: string; metrics?: readonly string[] } = {}) {
  const path = join(temporaryDirectory(), 'soak.csv');
  writeFileSync(path, content);
  const { metrics } = request;
  const series = await readSeries(path, { x: request.x ?? 'cycles', isMetric, ...(metrics && { metrics }) });
  return { ...series, columns: Object.fromEntries(series.columns) };
}

const plain = { cycles: [1, 2], heapUsed: [10.5, 20] };

test.each([
  ['comma', 'cycles,heapUsed\n1,10.5\n2,20\n'],
  ['no last line feed', 'cycles,heapUsed\n1,10.5\n2,20'],
  ['CRLF and BOM', '\uFEFFcycles,heapUsed\r\n1,10.5\r\n2,20\r\n'],
  ['CR alone', 'cycles,heapUsed\r1,10.5\r2,20'],
  ['semicolon with decimal comma', 'cycles;heapUsed\n1;10,5\n2;20\n'],
  ['tab', 'cycles\theapUsed\n1\t10.5\n2\t20\n'],
  ['quotes and blanks', '"cycles", "heapUsed" \n"1",10.5\n 2 ,"20"\n\n'],
  ['blank lines', '\ncycles,heapUsed\n\n1,10.5\n\n2,20\n'],
  ['a column of text', 'cycles,note,heapUsed\n1,"a ""quoted"", note",10.5\n2,"over\ntwo lines",20\n'],
  ['exponents and signs', 'cycles,heapUsed\n+1,1.05e1\n2e0,+20.\n'],
  ['UTF-16', Buffer.from('\uFEFFcycles\theapUsed\n1\t10.5\n2\t20\n', 'utf16le')],
])('reads %s', async (_name, content) => {
  const { columns, metrics, name } = await read(content);
  expect(columns).toEqual(plain);
  expect(metrics).toEqual(['heapUsed']);
  expect(name).toBe('soak');
});

test('missing values are NaN', async () => {
  const { columns } = await read('cycles,heapUsed,fds\n1,,NaN\n2,null,3\n3,5,n/a\n');
  expect(columns).toEqual({
    cycles: [1, 2, 3],
    heapUsed: [Number.NaN, Number.NaN, 5],
    fds: [Number.NaN, 3, Number.NaN],
  });
});

test('columns are taken as asked, others may hold anything', async () => {
  const { columns } = await read('ops,t,heapUsed,h1\n1,x,y,7\n2,x,y,8\n', { x: 'ops', metrics: ['h1'] });
  expect(columns).toEqual({ ops: [1, 2], h1: [7, 8] });
});

test('of what plateau wrote itself, the floors that decide are taken', async () => {
  const rows = [
    'kind,phase,cycles,fds',
    'floor,null,0,1',
    'load,measure,5,99',
    'floor,measure,9,2',
    'floor,census,9,7',
  ];
  expect((await read(rows.join('\r\n'))).columns).toEqual({ cycles: [9], fds: [2] });
});

test('a header alone is a series without samples', async () => {
  expect((await read('cycles,heapUsed\n')).columns).toEqual({ cycles: [], heapUsed: [] });
});

test.each([
  ['an empty file', '', /expected a header and rows, got an empty file/],
  ['no x', 'ops,heapUsed\n1,2', /expected a column "cycles" that counts cycles, got "ops", "heapUsed"/],
  ['no metric', 'cycles,foo\n1,2', /expected a column named after a metric, got "cycles", "foo"/],
  [
    'no metric among many columns',
    `cycles,${Array.from({ length: 10_000 }, (_, index) => `m${index}`).join(',')}\n`,
    /got "cycles", "m0", .*"m10" and 9989 more/,
  ],
  ['a number without an end', `cycles,fds\n1,${'9'.repeat(100_000)}`, /in column "fds", got "9{60}\.\.\."/],
  ['what a crash left at its end', 'cycles,fds\n1,2\n\0\0\0', /soak\.csv:3: expected text, got a NUL byte/],
  ['a name twice', 'cycles,fds,fds\n1,2,3', /got "fds" twice/],
  ['a short row', 'cycles,fds\n1,2\n3', /soak\.csv:3: expected 2 fields as in the header, got 1/],
  ['a long row', 'cycles,fds\n1,2,3\n', /soak\.csv:2: expected 2 fields as in the header, got 3/],
  ['text for a number', 'cycles,fds\n1,2\n2,"12 MB"', /soak\.csv:3: expected a number in column "fds", got "12 MB"/],
  ['a hexadecimal number', 'cycles,fds\n1,0x10', /:2: expected a number in column "fds", got "0x10"/],
  ['an infinite number', 'cycles,fds\n1,Infinity', /:2: expected a number in column "fds"/],
  ['a number that no computer holds', 'cycles,fds\n1,1e999', /:2: expected a number in column "fds"/],
  ['no x in a row', 'cycles,fds\n,1', /:2: expected a number in column "cycles", got none/],
  ['x that falls', 'cycles,fds\n5,1\n4,1', /:3: expected "cycles" never to fall, got 4 after 5/],
  ['an open quote', 'cycles,fds\n1,"2\n3,4\n', /:2: .*quote/i],
  [
    'trouble after a quoted line feed',
    'cycles,note,fds\n1,"a\nb\nc",2\n2,d,x',
    /:5: expected a number in column "fds"/,
  ],
])('%s is an error that says where', async (_name, content, message) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'PLATEAU_INVALID_SERIES',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/./),
  });
});

test('a column that is not there is an error that lists those that are', async () => {
  await expect(read('cycles,fds\n1,2', { metrics: ['heap'] })).rejects.toThrow(
    /expected a column "heap", got "cycles", "fds"/,
  );
});

test('a file that is not there is an error that names it', async () => {
  await expect(readSeries('/nowhere/soak.csv', { x: 'cycles', isMetric })).rejects.toThrow(/\/nowhere\/soak\.csv/);
});

test('whatever a writer quotes comes back', async () => {
  const directory = temporaryDirectory();
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const row = fc.tuple(fc.nat(), fc.string({ unit: 'grapheme' }), number);
  const table = fc.array(row, { maxLength: 20 }).map((rows) => rows.sort(([one], [other]) => one - other));
  await fc.assert(
    fc.asyncProperty(table, fc.boolean(), fc.constantFrom('\n', '\r\n'), async (rows, quotes, newline) => {
      const written = papaparse.unparse([['cycles', 'note', 'heapUsed'], ...rows], { quotes, newline });
      const path = join(directory, 'soak.csv');
      writeFileSync(path, written);
      const { columns } = await readSeries(path, { x: 'cycles', isMetric });
      expect(columns.get('cycles')).toEqual(rows.map(([cycles]) => cycles));
      expect(columns.get('heapUsed')).toEqual(rows.map(([, , value]) => value));
    }),
    { seed: 41 },
  );
});
