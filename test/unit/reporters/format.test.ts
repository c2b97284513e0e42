import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { durationOption, formatDuration } from '../../../reporters/format/duration.js';
import {
  besideName,
  formatBudget,
  formatInterval,
  formatRate,
  intervalText,
} from '../../../reporters/format/interval.js';
import { alignColumns, spread, truncate } from '../../../reporters/format/layout.js';
import { formatNumber, formatShare, formatShort, formatSigned } from '../../../reporters/format/number.js';
import { formatCount, formatQuantity } from '../../../reporters/format/quantity.js';
import { sparkline } from '../../../reporters/format/sparkline.js';

describe('numbers', () => {
  it.each([
    [2_410, 0, '2,410'],
    [-0.001, 2, '0.00'],
    [Number.NaN, 0, 'n/a'],
    [Number.POSITIVE_INFINITY, 1, '∞'],
    [-Number.MAX_VALUE, 1, '-∞'],
    [1.005, 2, '1.01'],
  ])('writes %d with %d decimals as %s', (value, decimals, text) => {
    expect(formatNumber(value, decimals)).toBe(text);
  });

  it('marks what is above zero, and nothing that rounds to it', () => {
    expect([1.2, -1.2, 0, 0.001].map((value) => formatSigned(value, 1))).toEqual(['+1.2', '-1.2', '0.0', '0.0']);
  });

  it('keeps three significant digits where that is short', () => {
    expect([0, 0.000_31, 1.5, 12.34, 123.4, 123_456].map(formatShort)).toEqual([
      '0',
      '0.00031',
      '1.5',
      '12.3',
      '123',
      '123,456',
    ]);
  });

  it('writes shares as whole percents', () => {
    expect([0.973, 1, 0.004, 0].map(formatShare)).toEqual(['97 %', '100 %', '0.4 %', '0 %']);
  });
});

describe('quantities', () => {
  it.each([
    [0, 'B', '0 B'],
    [1023, 'B', '1,023 B'],
    [1024, 'B', '1 KiB'],
    [3_250_000, 'B', '3.1 MiB'],
    [-5 * 1024 ** 3, 'B', '-5 GiB'],
    [1, 'fds', '1 fd'],
    [12, 'fds', '12 fds'],
    [0.312_4, 'cores', '0.312 cores'],
    [0.997, 'ratio', '99.7 %'],
  ])('writes %d %s as %s', (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  it('shows one from many', () => {
    expect([formatCount(1, 'cycles'), formatCount(2_410, 'cycles'), formatCount(1, 'rounds')]).toEqual([
      '1 cycle',
      '2,410 cycles',
      '1 round',
    ]);
  });
});

describe('intervals', () => {
  const slope = (low: number, estimate: number, high: number, unit = 'B/cycle') => ({ low, estimate, high, unit });

  it.each([
    ['scaled bytes', slope(1_239, 1_372, 1_505), '[+1.21 +1.34 +1.47] KiB/cycle'],
    ['both signs', slope(-3.1, 14.2, 31.5), '[-3 +14 +32] B/cycle'],
    ['exact counts', slope(1, 1, 1, 'entries/cycle'), '[+1 +1 +1] entries/cycle'],
    ['exact fractions', slope(0.5, 0.5, 0.5, 'objects/cycle'), '[+0.5 +0.5 +0.5] objects/cycle'],
    ['nothing at all', slope(0, 0, 0, 'fds/cycle'), '[0 0 0] fds/cycle'],
    ['rare events', slope(-0.000_11, 0.000_02, 0.000_15, 'objects/cycle'), '[-0.11 +0.02 +0.15] objects/k cycles'],
    ['very rare events', slope(0, 2e-6, 4e-6, 'fds/cycle'), '[0.0 +2.0 +4.0] fds/M cycles'],
    ['time', slope(9_000, 10_240, 11_480, 'B/h'), '[+8.8 +10.0 +11.2] KiB/h'],
    ['a level', slope(0.006, 0.007, 0.008, 'cores'), '[0.006 0.007 0.008] cores'],
    ['no bound', slope(Number.NEGATIVE_INFINITY, 12, Number.POSITIVE_INFINITY), '[-∞ +12 +∞] B/cycle'],
  ])('writes %s in one unit', (_, interval, text) => {
    expect(intervalText(interval)).toBe(text);
  });

  it('gives the three numbers the same decimals', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (middle, half) => {
          const { low, estimate, high } = formatInterval(slope(middle - half, middle, middle + half));
          const decimals = [low, estimate, high].map((text) => text.split('.')[1]?.length ?? 0);
          expect(new Set(decimals).size).toBe(1);
        },
      ),
    );
  });

  it('shows a limit so that it compares with its interval', () => {
    expect(formatBudget(8, slope(1_239, 1_372, 1_505))).toBe('8 B');
    expect(formatBudget(0, slope(0, 0, 0, 'fds/cycle'))).toBe('0');
    expect(formatBudget(120 * 1024 ** 2, slope(1e8, 1e8, 2e8, 'B'))).toBe('120 MiB');
    expect(formatBudget(0.002, slope(-0.000_11, 0.000_02, 0.000_15, 'objects/cycle'))).toBe('2');
    expect(formatBudget(0.002, slope(1, 1, 1, 'objects/cycle'))).toBe('2/k cycles');
    expect(formatBudget(4_096, slope(0, 0, 0, 'B/h'))).toBe('4 KiB/h');
  });

  it('leaves out what the name of the metric says', () => {
    expect([besideName('cores'), besideName('KiB/h'), besideName('fds/cycle')]).toEqual(['cores', 'KiB/h', '/cycle']);
    expect([formatRate(6.2, 'B/cycle'), formatRate(0.0003, 'fds/cycle'), formatRate(1, 'entries/cycle')]).toEqual([
      '6.2 B/cycle',
      '0.3/k cycles',
      '1/cycle',
    ]);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [999.7, '1.0 s'],
    [9_949, '9.9 s'],
    [12_400, '12 s'],
    [59_960, '1m'],
    [245_000, '4m 5s'],
    [3_599_999, '1h'],
    [7_500_000, '2h 5m'],
    [86_400_000, '24h'],
    [273_600_000, '3d 4h'],
    [Number.NaN, 'n/a'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('rounds an option up to what a person would type', () => {
    expect([4_000, 61_000, 119_000, 25 * 60_000, 5 * 3_600_000].map(durationOption)).toEqual([
      '10s',
      '70s',
      '2m',
      '30m',
      '5h',
    ]);
  });
});

describe('layout', () => {
  it('aligns by display width, whatever the characters', () => {
    const lines = alignColumns(
      [
        ['日本', '1', 'end'],
        ['a', '1,000', 'end'],
      ],
      { alignments: ['left', 'right'] },
    );
    expect(lines).toEqual(['日本      1  end', 'a     1,000  end']);
  });

  it('cuts to a width without cutting a character', () => {
    expect(truncate('a👨‍👩‍👧b', 3)).toBe('a…');
    expect(truncate('/srv/app/store.ts:41', 12, 'end')).toBe('…store.ts:41');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(stringWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('puts two texts at both ends only where they fit', () => {
    expect(spread('left', 'right', 12)).toBe('left   right');
    expect(spread('left', 'right', 10)).toBeUndefined();
  });
});

describe('sparkline', () => {
  it('shows range, gaps and what never changes', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([5, 5, 5], 8)).toBe('▁▁▁');
    expect(sparkline([1, Number.NaN, 2], 3)).toBe('▁ █');
    expect(sparkline([], 8)).toBe('');
  });

  it('keeps a single peak in any width', () => {
    const values = new Array<number>(1_000).fill(1);
    values[613] = 9;
    expect(sparkline(values, 20)).toMatch(/^▁{12}█▁{7}$/);
  });
});
