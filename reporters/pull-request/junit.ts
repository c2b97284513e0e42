import { outcomeOf, type PullRequestResult } from '../../harness/model/pull-request.js';
import { markup } from '../format/markup.js';
import { reasonOf } from './markdown.js';

/** A change as JUnit XML: a case for each scenario; what is worse is a failure, what is not known an error. */
export function pullRequestJunit({ base, scenarios }: PullRequestResult): string {
  const count = (wanted: string) => scenarios.filter((change) => outcomeOf(change) === wanted).length;
  const totals = markup`tests="${scenarios.length}" failures="${count('worse')}" errors="${count('unknown')}"`;
  const cases = scenarios.map((change) => {
    const outcome = outcomeOf(change);
    const reason = reasonOf(change);
    const body =
      outcome === 'sound'
        ? ''
        : outcome === 'worse'
          ? markup`<failure type="worse" message="${reason}"/>`
          : markup`<error type="unknown" message="${reason}"/>`;
    return markup`    <testcase classname="plateau" name="${change.name}">${body}</testcase>\n`;
  });
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="plateau" ${totals}>
  <testsuite name="against ${base}" ${totals}>
${cases}  </testsuite>
</testsuites>
`.text;
}
