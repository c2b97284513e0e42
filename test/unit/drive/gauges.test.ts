import { expect, test } from 'vitest';
import { checkedGauges, sentGauges } from '../../../harness/drive/gauges.js';

const overTheWire = (gauges: unknown) => JSON.parse(JSON.stringify(sentGauges(gauges)));

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a gauge of %d is named as what it is',
  (value) => {
    const message = `scenario shop: gauge "entries" must be a finite number, got ${value}`;
    expect(() => checkedGauges('shop', { entries: value })).toThrow(message);
    expect(() => checkedGauges('shop', overTheWire({ entries: value }))).toThrow(message);
  },
);

test('other values are shown as they were returned', () => {
  expect(checkedGauges('shop', overTheWire({ entries: 3 }))).toEqual({ entries: 3 });
  expect(() => checkedGauges('shop', overTheWire({ entries: '3' }))).toThrow('got "3"');
  expect(() => checkedGauges('shop', overTheWire({ entries: null }))).toThrow('got null');
  expect(() => checkedGauges('shop', overTheWire({ entries: 3n }))).toThrow('got "3n"');
  expect(() => checkedGauges('shop', { entries: 3n })).toThrow('got 3n');
  expect(checkedGauges('shop', undefined)).toEqual({});
});
