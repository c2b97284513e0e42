import { expect, test } from 'vitest';
import { mergeReadings } from '../../../harness/runtimes/merge-readings.js';

const worker = (entries: number, limit: number) => ({
  sites: [],
  holders: [
    {
      key: 'ranks.known',
      description: 'ranks.known',
      path: ['ranks', '.known: dict'],
      entries,
      numbers: [{ name: 'len(known)', value: limit, isNear: true, isCompared: true as const }],
    },
  ],
  warnings: [],
});

test('workers fill a container each, and what limits one of them limits all by as many times', () => {
  const { holders } = mergeReadings([worker(700, 5_000), worker(900, 5_000), worker(0, 5_000)]);
  expect(holders).toMatchObject([{ entries: 1_600, parts: 3, numbers: [{ name: 'len(known)', value: 5_000 }] }]);
});
