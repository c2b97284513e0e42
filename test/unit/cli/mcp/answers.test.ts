import { expect, test } from 'vitest';
import { compareRecords } from '../../../../harness/analyse/comparison/compare.js';
import {
  answerBytesMax,
  comparisonAnswer,
  explainAnswer,
  listAnswer,
  runAnswer,
} from '../../../../harness/cli/mcp/answers.js';
import { runSummary, screenJson } from '../../../../reporters/index.js';
import { leakRecord } from '../../../support/leak-record.js';
import { allRecords } from '../../../support/run-records.js';

const screen = 24;

test.each(Object.entries(allRecords))('the summary of %s is JSON that fits one screen', (_name, record) => {
  const text = screenJson(runSummary(record, '/srv/app'));
  expect(text.split('\n').length).toBeLessThanOrEqual(screen + 1);
  expect(JSON.parse(text)).toMatchObject({ id: record.id, verdict: record.verdict, exitCode: record.exitCode });
});

test('it names what grows, by how much, and where it comes from', () => {
  const { findings, suspects } = runSummary(leakRecord, '/srv/app');
  expect(findings[0]).toMatchObject({ verdict: 'leak', slope: expect.stringContaining('/') });
  expect(suspects[0]?.at).toMatch(/:\d+/);
});

test.each(Object.entries(allRecords))('answers of %s are small, and whole JSON', (_name, record) => {
  const comparison = comparisonAnswer(compareRecords(record, record));
  for (const answer of [runAnswer(record, '/srv/app'), explainAnswer(record, '/srv/app'), comparison]) {
    expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(answerBytesMax);
    expect(() => JSON.parse(answer)).not.toThrow();
  }
});

test('a list that is too long says how much it left out', () => {
  const names = Array.from({ length: 200 }, (_, index) => `system/scenario-${index}`);
  const answer = listAnswer(names, ['one']);
  expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(answerBytesMax);
  expect(JSON.parse(answer).leftOut).toBeGreaterThan(100);
});
