import { expect, test } from 'vitest';
import { curvesOf } from '../../support/recorded-curves.js';

const noon = Date.parse('2026-03-01T12:00:00Z');
const minutes = [0, 60_000, 120_000];

const prometheus = (name: string, values: readonly string[], labels = {}) => ({
  metric: { __name__: name, job: 'shop', ...labels },
  values: values.map((value, index) => [noon / 1000 + 60 * index, value]),
});
const answer = (result: readonly unknown[]) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });

test('a range query of Prometheus: bytes by their name, labels that differ, NaN where a series has no reading', async () => {
  const { axis, startedAtMs, positions, curves } = await curvesOf(
    answer([
      prometheus('process_resident_memory_bytes', ['1048576', '2097152', 'NaN'], { pod: 'a' }),
      prometheus('process_resident_memory_bytes', ['1', '2'], { pod: 'b' }),
    ]),
  );
  expect({ axis, startedAtMs, positions }).toEqual({ axis: 'time', startedAtMs: noon, positions: minutes });
  expect(curves).toEqual([
    {
      metric: 'process_resident_memory_bytes{pod="a"}',
      unit: 'B',
      restarts: [],
      values: [1048576, 2097152, Number.NaN],
    },
    { metric: 'process_resident_memory_bytes{pod="b"}', unit: 'B', restarts: [], values: [1, 2, Number.NaN] },
  ]);
});

test('a start time beside a series shows its restarts, and counters are left out', async () => {
  const { curves } = await curvesOf(
    answer([
      prometheus('process_resident_memory_bytes', ['9', '1', '2']),
      prometheus('process_start_time_seconds', ['1000', '2000', '2000']),
      prometheus('http_requests_total', ['1', '2', '3']),
    ]),
  );
  expect(curves).toMatchObject([{ metric: 'process_resident_memory_bytes', restarts: [60_000] }]);
});

test.each([
  [
    'an instant query',
    JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, '2'] }] } }),
    /got a vector/,
  ],
  ['an error', JSON.stringify({ status: 'error', error: 'bad_data' }), /got the error "bad_data"/],
  ['no series', answer([]), /expected readings, got none/],
  [
    'readings without times',
    answer([{ metric: {}, values: [['soon', '1']] }]),
    /expected readings of epoch seconds and a value, got \["soon","1"\]/,
  ],
  [
    'readings that are none',
    answer([{ metric: {}, values: [7] }]),
    /expected readings of epoch seconds and a value, got 7/,
  ],
  ['an answer that is cut', answer([prometheus('rss', ['1', '2'])]).slice(0, -9), /expected the whole answer/],
  [
    'only counters',
    answer([prometheus('http_requests_total', ['1', '2'])]),
    /expected a quantity that can leak, got "http_requests_total"/,
  ],
])('of Prometheus, %s is no recording', async (_name, content, message) => {
  await expect(curvesOf(content)).rejects.toThrowError(message);
});

test.each([
  ['ISO 8601', '2026-03-01T12:00:00Z', '2026-03-01 12:01:00Z'],
  ['ISO 8601 without a zone, which is UTC', '2026-03-01 12:00:00', '2026-03-01 12:01:00'],
  ['ISO 8601 with an offset', '2026-03-01T13:00:00+01:00', '2026-03-01T13:01:00+01:00'],
  ['epoch seconds', String(noon / 1000), String(noon / 1000 + 60)],
  ['epoch milliseconds', String(noon), String(noon + 60_000)],
])('a table over time: %s', async (_name, first, second) => {
  const { axis, startedAtMs, positions, curves } = await curvesOf(`"Time","heap_mb"\n"${first}",1\n"${second}",2\n`);
  expect({ axis, startedAtMs, positions }).toEqual({ axis: 'time', startedAtMs: noon, positions: [0, 60_000] });
  expect(curves).toMatchObject([{ metric: 'heap_mb', unit: 'B', values: [1048576, 2097152] }]);
});

test("Grafana's export: the separator line, units beside values, names with labels", async () => {
  const { curves } = await curvesOf(
    'sep=,\n"Time","rss{pod=""a""}","Mem"\n2026-03-01 12:00:00,512 MiB,84%\n2026-03-01 12:01:00,1 GiB,\n',
  );
  expect(curves).toEqual([
    { metric: 'rss{pod="a"}', unit: 'B', restarts: [], values: [512 * 1024 ** 2, 1024 ** 3] },
    { metric: 'Mem', unit: '%', restarts: [], values: [84, Number.NaN] },
  ]);
});

test("Grafana's older export: a row a reading, the series named beside it", async () => {
  const rows = ['a', 'b'].flatMap((name) => [0, 60].map((second) => `${name};${noon / 1000 + second};${second}`));
  const { curves } = await curvesOf(`Series;Time;Value\n${rows.join('\n')}\n`);
  expect(curves.map(({ metric, values }) => [metric, values])).toEqual([
    ['Value{Series="a"}', [0, 60]],
    ['Value{Series="b"}', [0, 60]],
  ]);
});

test('text that varies while time goes on is no other process, and a ratio is a percentage', async () => {
  const { curves } = await curvesOf('date,host,label,mem_ratio\n2026-03-01,h,Normal,0.5\n2026-03-02,h,Anomaly,0.75\n');
  expect(curves).toEqual([{ metric: 'mem_ratio', unit: '%', restarts: [], values: [50, 75] }]);
});

test('rows with a number before them, and no name', async () => {
  const { axis, positions, curves } = await curvesOf(',0\n0,40.5\n1,41\n');
  expect({ axis, positions }).toEqual({ axis: 'row', positions: [0, 1] });
  expect(curves).toEqual([{ metric: 'column 0', unit: '', restarts: [], values: [40.5, 41] }]);
});

test('OpenMetrics with timestamps: gauges, and no counters', async () => {
  const scrape = (second: number, bytes: number) =>
    `heap_bytes{pod="a,b} c"} ${bytes} ${noon / 1000 + second}\nrequests_total 5 ${noon / 1000 + second}\n`;
  const { axis, startedAtMs, curves } = await curvesOf(
    `# TYPE heap_bytes gauge\n# TYPE requests counter\n${scrape(0, 10)}${scrape(60, 20)}# EOF\n`,
  );
  expect({ axis, startedAtMs }).toEqual({ axis: 'time', startedAtMs: noon });
  expect(curves).toEqual([{ metric: 'heap_bytes', unit: 'B', restarts: [], values: [10, 20] }]);
});

test('scrapes without timestamps count as rows', async () => {
  const { axis, curves } = await curvesOf(
    [1, 2, 3].map((fds) => `# TYPE process_open_fds gauge\nprocess_open_fds ${fds}\n`).join('# EOF\n'),
  );
  expect(axis).toBe('row');
  expect(curves).toMatchObject([{ metric: 'process_open_fds', values: [1, 2, 3] }]);
});

test.each([
  ['a time that is missing', 'time,rss\n2026-03-01,1\n,2\n', /:3: expected a time in column "time", got none/],
  ['time that falls', 'time,rss\n2026-03-02,1\n2026-03-01,2\n', /:3: expected "time" never to fall, got 2026-03-01/],
  [
    'a cell that is no number',
    'time,rss\n2026-03-01,1\n2026-03-02,much\n',
    /:3: expected a number in column "rss", got "much"/,
  ],
  [
    'a time in a form of its own',
    'Time;rss\n24.11.2025 16:00:00;1\n',
    /:2: expected a time in column "Time", got "24\.11\.2025 16:00:00"/,
  ],
  [
    'a table without a header',
    '1764000000,1\n1764000060,2\n',
    /:1: expected a row with the names of the columns, got "1764000000, 1"/,
  ],
  ['a page', '<!doctype html>\n<p>log in</p>\n', /:1: expected columns with .* between them, got "<!doctype html>"/],
  ['a row that is too short', 'time,rss\n2026-03-01\n', /:2: expected 2 fields as in the header, got 1/],
])('%s is named with its line', async (_name, content, message) => {
  await expect(curvesOf(content)).rejects.toThrowError(message);
});

test('a column alone is judged by the row', async () => {
  expect(await curvesOf('rss_mb\n100\n101\n')).toMatchObject({
    axis: 'row',
    curves: [{ metric: 'rss_mb', unit: 'B' }],
  });
});

test('a metric that is not there is named beside those that are', async () => {
  await expect(curvesOf('time,rss\n2026-03-01,1\n', { metrics: ['heap'] })).rejects.toThrowError(/expected "heap"/);
});
