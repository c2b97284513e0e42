import { expect, test } from 'vitest';
import { curvesOf } from '../../support/recorded-curves.js';

const noon = Date.parse('2026-03-01T12:00:00Z');

const statistics = (memory: number, timestamp: number, pid: number) => ({
  cpu: 10.5,
  memory: memory * 1024 ** 2,
  ppid: 1,
  pid,
  ctime: 9,
  elapsed: timestamp - noon + 1,
  timestamp,
});

test('what pidusage answers, a line each: memory over its timestamp, and another pid is a restart', async () => {
  const lines = [statistics(50, noon, 7), statistics(60, noon + 60_000, 7), statistics(50, noon + 120_000, 8)];
  const { axis, startedAtMs, curves } = await curvesOf(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect({ axis, startedAtMs }).toEqual({ axis: 'time', startedAtMs: noon });
  expect(curves).toEqual([
    { metric: 'memory', unit: 'B', restarts: [120_000], values: [50, 60, 50].map((size) => size * 1024 ** 2) },
  ]);
});

test('the same as Node prints it, and of several processes at once', async () => {
  const printed = (memory: number, at: number, pid: number) =>
    `{\n  cpu: 10.5,\n  memory: ${memory * 1024 ** 2},\n  ppid: 1,\n  pid: ${pid},\n  ctime: 9,\n  elapsed: 5,\n  timestamp: ${at}\n}\n`;
  const one = await curvesOf([printed(50, noon, 7), printed(60, noon + 60_000, 7)].join(''));
  expect(one.curves).toMatchObject([{ metric: 'memory', values: [50 * 1024 ** 2, 60 * 1024 ** 2] }]);
  const both = await curvesOf(
    [0, 60_000]
      .map(
        (ms) =>
          `{"7": ${JSON.stringify(statistics(50, noon + ms, 7))}, "8": ${JSON.stringify(statistics(60, noon + ms, 8))}}`,
      )
      .join('\n'),
  );
  expect(both.curves.map(({ metric }) => metric)).toEqual(['memory{pid="7"}', 'memory{pid="8"}']);
});

const dockerHeader =
  'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O         BLOCK I/O   PIDS';
const dockerRow = (name: string, memory: string, pids: number) =>
  `f00ba4        ${name}      0.50%     ${memory} / 512MiB   2.05%     1.2kB / 0B      0B / 0B     ${pids}`;

test('docker stats: memory with its limit, processes by their name, escapes of the terminal left out', async () => {
  const tables = ['10.5MiB', '11MiB', '12MiB'].map((memory) =>
    [`\u001B[2J\u001B[H${dockerHeader}`, dockerRow('shop', memory, 11), dockerRow('till', '5MiB', 3)].join('\n'),
  );
  const { axis, curves } = await curvesOf(`${tables.join('\n')}\n`);
  expect(axis).toBe('row');
  expect(curves.find(({ metric }) => metric === 'MEM USAGE / LIMIT{NAME="shop"}')).toEqual({
    metric: 'MEM USAGE / LIMIT{NAME="shop"}',
    unit: 'B',
    limit: 512 * 1024 ** 2,
    restarts: [],
    values: [10.5, 11, 12].map((size) => size * 1024 ** 2),
  });
});

test('docker stats with a date before each table is over time', async () => {
  const tables = [0, 1].map((minute) =>
    [`Sun Mar  1 12:0${minute}:00 UTC 2026`, dockerHeader, dockerRow('shop', '10MiB', 11)].join('\n'),
  );
  const { axis, startedAtMs, positions } = await curvesOf(tables.join('\n'));
  expect({ axis, startedAtMs, positions }).toEqual({ axis: 'time', startedAtMs: noon, positions: [0, 60_000] });
});

test('kubectl top: memory of each pod', async () => {
  const tables = [100, 120].map(
    (size, minute) =>
      `2026-03-01T12:0${minute}:00Z NAME        CPU(cores)   MEMORY(bytes)\n2026-03-01T12:0${minute}:00Z shop-1      3m           ${size}Mi\n`,
  );
  const { axis, curves } = await curvesOf(tables.join(''));
  expect(axis).toBe('time');
  expect(curves).toMatchObject([{ unit: 'B', values: [100 * 1024 ** 2, 120 * 1024 ** 2] }]);
});
