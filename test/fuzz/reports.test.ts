import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { htmlReport, jsonReport, junitReport, markdownReport, terminalReport } from '../../reporters/index.js';
import { changed, expectInert, fuzzing, retold } from '../support/fuzz.js';
import { leakRecord } from '../support/leak-record.js';

function reportsOf(record: RunRecord): void {
  expectInert('markup', htmlReport(record));
  expectInert('markup', junitReport([record]));
  expectInert('markdown', markdownReport(record));
  expectInert('terminal', terminalReport(record, { verbose: true, width: 100 }));
  expectInert('terminal', jsonReport(record));
}

it('names and texts of targets act neither on a terminal nor in a document', () => {
  fc.assert(fc.property(retold(leakRecord), reportsOf), fuzzing);
});

it('run.json of a stranger is refused by its schema, or reported', () => {
  let reported = 0;
  fc.assert(
    fc.property(changed(leakRecord), (value) => {
      const record = runRecordSchema.safeParse(JSON.parse(JSON.stringify(value)));
      if (!record.success) return;
      reported += 1;
      reportsOf(record.data);
    }),
    fuzzing,
  );
  expect(reported).toBeGreaterThan(0);
});
