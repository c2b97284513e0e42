import { expect, test } from 'vitest';
import { shapeText } from '../../../reporters/format/wording.js';
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
