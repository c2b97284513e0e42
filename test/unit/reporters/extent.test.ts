import { expect, test } from 'vitest';
import { extentTexts } from '../../../reporters/format/extent.js';
import { leakRecord } from '../../support/leak-record.js';

test('how long a record is', () => {
  expect(extentTexts(leakRecord)[0]).toMatch(/^[\d.]+ (ms|s)$|^\d+m/);
});

test('a table of cycles without times has no length in time', () => {
  const untimed = { ...leakRecord, endedAt: leakRecord.startedAt };
  expect(extentTexts(untimed)).toEqual(extentTexts(leakRecord).slice(1));
});
