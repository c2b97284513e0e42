import { expect, test } from 'vitest';
import { SampleTableBuilder } from '../../../harness/model/sample-table.js';
import { sampleWith } from '../../support/stored-runs.js';

test('a metric that is first read after hundreds of samples keeps its first value', () => {
  const builder = new SampleTableBuilder();
  for (let round = 0; round < 300; round += 1) builder.add(sampleWith({ round, values: { fds: 3 } }));
  builder.add(sampleWith({ round: 300, values: { fds: 3, objects: 8_000 } }));
  builder.add(sampleWith({ round: 301, values: { fds: 3, objects: 8_001 } }));
  expect(builder.table().metrics.get('objects')?.subarray(299)).toEqual(Float64Array.of(Number.NaN, 8_000, 8_001));
});
