import { expect, test } from 'vitest';
import { measuredText, shapeText } from '../../../reporters/format/wording.js';
import { findingWith } from '../../support/record-with.js';

test('growth that a budget allows is shown as within its budget', () => {
  const slope = { estimate: 12, low: 10, high: 14, unit: 'B/cycle' };
  expect(
    shapeText(findingWith({ metric: 'heapUsed', verdict: 'plateau', shape: 'linear', budget: 32, slope })),
  ).toMatch(/^within its budget of 32 B/);
});

test('a sharp interval is not called noisy: its floors are too few', () => {
  const slope = { estimate: 3.99, low: 3.99, high: 3.99, unit: 'B/cycle' };
  expect(
    shapeText(findingWith({ metric: 'heapUsed', verdict: 'inconclusive', shape: 'noisy', rounds: 7, slope })),
  ).toBe('7 floors: too few');
});

test('growth without bounds is shown as rough, not as an interval without a width', () => {
  const slope = { estimate: 216.018, low: 216.018, high: 216.018, unit: 'B/cycle' };
  const undecided = { metric: 'heapUsed', verdict: 'inconclusive', shape: 'noisy', slope } as const;
  expect(measuredText(findingWith({ ...undecided, rounds: 13, confidence: 0 }))).toBe('about 216 B/cycle');
  expect(measuredText(findingWith({ ...undecided, rounds: 40 }))).toBe('[+216.018 +216.018 +216.018] B/cycle');
  expect(measuredText(findingWith({ ...undecided, rounds: 0, confidence: 0 }))).toBe('too few floors');
});

test('growth above its budget that a warm-up explains is shown so, however many floors it has', () => {
  const slope = { estimate: 23.9, low: 23.89, high: 23.91, unit: 'B/cycle' };
  const rule = { name: 'warm-up-may-explain-it', numbers: {} } as const;
  const finding = { metric: 'external', verdict: 'inconclusive', shape: 'noisy', rounds: 56, slope, rule } as const;
  expect(shapeText(findingWith(finding))).toBe('no more so far than a warm-up');
});

test('what surely still grows has not levelled off, whatever level it goes to', () => {
  const text = (verdict: 'advisory' | 'plateau', low: number) =>
    shapeText(
      findingWith({
        metric: 'rss',
        verdict,
        shape: 'saturating',
        saturation: { level: 84 * 1024 ** 2, atCycles: 20_000 },
        slope: { estimate: 725, low, high: 889, unit: 'B/cycle' },
      }),
    );
  expect(text('advisory', 561)).toBe('grows ever more slowly, towards 84 MiB');
  expect(text('advisory', -5)).toBe('levels off at 84 MiB');
  expect(text('plateau', 1)).toBe('levels off at 84 MiB');
});
