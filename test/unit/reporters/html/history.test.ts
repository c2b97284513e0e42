import { describe, expect, it } from 'vitest';
import { historyTrends } from '../../../../harness/analyse/nights/history-changes.js';
import { jsonHistory, terminalHistory } from '../../../../reporters/index.js';
import { nightEntry } from '../../../support/nights.js';

const nights = Array.from({ length: 12 }, (_, index) => index + 1);
const trends = historyTrends(
  nights.flatMap((number) => [
    nightEntry({ number, gaugeSlope: number >= 6 ? 1 : 0 }),
    nightEntry({ number, scenario: 'shop/search', heapSlope: number >= 6 ? 5 : 0 }),
    nightEntry({ number, scenario: 'a/sound', variant: 'ws', ...(number === 3 && { crashed: 'it died' }) }),
  ]),
);

describe('terminal history', () => {
  it('has a block a scenario, the gravest first', () => {
    expect(terminalHistory(trends)).toMatchInlineSnapshot(`
      "shop/carts
        12 runs, 2026-03-01 to 2026-03-12
        ✓✓✓✓✓✗✗✗✗✗✗✗  leak since 2026-03-06 (0006c0f)
        gauge.carts slope  ▁▁▁▁▁███████              1/cycle
            ◆ 0/cycle → 1/cycle since 2026-03-06 (0006c0f)
        footprint          █▆▅▆▇▆▁█▆▂▇█              87.7 MiB
        heapUsed slope     ▃▁█▁▆▇▆▄▄▃▅▄              1.7 B/cycle
        heapUsed floor     ▄▄▄▅▃▂▁█▁▂▅▄              5.9 MiB
        throughput         ▁▁▄██▅▁▆█▇▁▃              391 cycles/s

      shop/search
        12 runs, 2026-03-01 to 2026-03-12
        ✓✓✓✓✓???????  inconclusive since 2026-03-06 (0006c0f)
        heapUsed slope  ▂▁▄▁▃█▇█▇▇▆▇              6.07 B/cycle
            ◆ 1.42 B/cycle → 6.49 B/cycle since 2026-03-06 (0006c0f)
        footprint       █▆▅▆▇▆▁█▆▂▇█              87.7 MiB
        heapUsed floor  ▇▁▄▁▄▆▆█▇▄▅▇              5.99 MiB
        throughput      ▃▂▁▁▅▃▃▄█▄▄▂              394 cycles/s

      a/sound + ws
        12 runs, 2026-03-01 to 2026-03-12
        ✓✓✗✓✓✓✓✓✓✓✓✓  plateau since 2026-03-04 (0004c0f)
        footprint       █▆▆▇▆▁█▆▂▇█               87.7 MiB
        heapUsed slope  ▃▂▁███▄▅▄▆▅               1.7 B/cycle
        heapUsed floor  ▁█▂▅▄▅▃▄▆▂▇               5.93 MiB
        throughput      ▆▁▃▅█▁▄▅▄▄▅               404 cycles/s
      "
    `);
  });

  it('fits narrow terminals and shows all metrics when asked', () => {
    for (const width of [40, 60, 80, 120]) {
      const lines = terminalHistory(trends, { width, verbose: true }).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
    expect(terminalHistory(trends, { verbose: true })).toContain('latency.cycle.create.p99');
  });

  it('colours nothing unless asked, and says in words what it colours', () => {
    const sequence = '\u001b[';
    expect(terminalHistory(trends)).not.toContain(sequence);
    expect(terminalHistory(trends, { color: true })).toContain(sequence);
  });

  it('keeps what a target wrote from acting on the terminal', () => {
    const evil = '\u001b[2J\u202eevil';
    const entry = nightEntry({ number: 1, scenario: `x${evil}` });
    expect(terminalHistory(historyTrends([entry]))).not.toMatch(/\p{Cc}(?<!\n)|\p{Cf}/u);
  });

  it('says that there is nothing', () => {
    expect(terminalHistory([])).toBe('No runs in the history yet.\n');
  });
});

describe('JSON history', () => {
  it('has a point a run, and changes by commit', () => {
    const { series } = JSON.parse(jsonHistory(trends)) as { series: JsonSeries[] };
    expect(series.map(({ scenario, variant, runs }) => [scenario, variant, runs.length])).toEqual([
      ['a/sound', 'ws', 12],
      ['shop/carts', '', 12],
      ['shop/search', '', 12],
    ]);
    const slope = series[1]!.trends.find(({ metric, quantity }) => metric === 'gauge.carts' && quantity === 'slope')!;
    expect(slope.points).toHaveLength(12);
    expect(slope.points[7]).toMatchObject({ night: '2026-03-08', verdict: 'leak', low: expect.any(Number) });
    expect(slope.changes).toMatchObject([{ night: '2026-03-06', before: 0, after: 1, quantity: 'slope' }]);
    // A night that crashed measured nothing to compare.
    expect(series[0]!.trends[0]!.points).toHaveLength(11);
  });
});

interface JsonSeries {
  readonly scenario: string;
  readonly variant: string;
  readonly runs: readonly unknown[];
  readonly trends: readonly {
    readonly metric: string;
    readonly quantity: string;
    readonly points: readonly unknown[];
    readonly changes: readonly unknown[];
  }[];
}
