import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { terminalReport } from '../../../../reporters/index.js';
import { leakRecord } from '../../../support/leak-record.js';
import { plateauRecord } from '../../../support/run-records.js';

const page = readFileSync(new URL('../../../../reporters/README.md', import.meta.url), 'utf8');
const [, text] = /^## In VS Code\n[\s\S]*?^```json\n([\s\S]*?)^```$/m.exec(page) ?? [];
const { tasks } = JSON.parse(text!) as {
  readonly tasks: readonly [{ readonly problemMatcher: { readonly pattern: { readonly regexp: string } } }];
};
const pattern = new RegExp(tasks[0].problemMatcher.pattern.regexp);

/** What VS Code shows of a report: file and line of each problem. */
function problemsOf(report: string): string[] {
  return report.split('\n').flatMap((line) => {
    const [, file, row] = pattern.exec(line) ?? [];
    return file === undefined ? [] : [`${file}:${row}`];
  });
}

it('finds the line of each suspect in a report, and nothing in one of a run that passed', () => {
  const places = leakRecord.suspects.flatMap(({ location }) =>
    location === undefined ? [] : [`${location.file}:${location.line}`],
  );
  expect(places.length).toBeGreaterThan(0);
  for (const width of [80, 120]) {
    const problems = problemsOf(terminalReport(leakRecord, { width }));
    expect(problems).toEqual(expect.arrayContaining(places.filter((place) => !place.includes('node_modules'))));
    expect(problemsOf(terminalReport(plateauRecord, { width }))).toEqual([]);
  }
});
