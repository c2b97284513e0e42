import { isNews, outcomeOf, type PullRequestResult, type ScenarioChange } from '../../harness/model/pull-request.js';
import { comparisonMarkdown } from '../comparison/markdown.js';
import { code, plain, tableRow } from '../format/markdown-text.js';
import { markdownReport } from '../markdown.js';

/** The comment is found by it again, so that it is updated in place. */
const marker = '<!-- plateau:pull-request -->';
const symbols = { sound: '✓', worse: '✗', unknown: '?' } as const;
const headlines = {
  worse: 'something grows that did not',
  news: 'what changed is shown below',
  unknown: 'it is not known whether something grows that did not',
  sound: 'nothing grows that did not',
} as const;

/** A change as one comment on its pull request. @param workspace root of the checked-out repository */
export function pullRequestMarkdown(result: PullRequestResult, workspace: string): string {
  const { base, baseSha, scenarios, untouched } = result;
  const rows = scenarios.map((change) =>
    tableRow([
      `${symbols[outcomeOf(change)]} ${code(change.name, 80)}`,
      plain(wordOf(change)),
      plain(reasonOf(change)),
    ]),
  );
  return `${[
    marker,
    `### plateau: ${headlines[headlineOf(scenarios)]}`,
    '',
    ...(rows.length === 0 ? ['The change touches no scenario.'] : ['| Scenario | | |', '|---|---|---|', ...rows]),
    '',
    ...scenarios.filter(isNews).flatMap((change) => detailOf(change, workspace)),
    `<sub>against ${code(base)} (${baseSha.slice(0, 10)})${untouched.length > 0 ? ` · not touched: ${untouched.map((name) => code(name, 60)).join(', ')}` : ''}</sub>`,
  ].join('\n')}\n`;
}

function headlineOf(scenarios: readonly ScenarioChange[]): keyof typeof headlines {
  const outcomes = scenarios.map(outcomeOf);
  if (outcomes.includes('worse')) return 'worse';
  if (scenarios.some((change, index) => outcomes[index] === 'sound' && isNews(change))) return 'news';
  return outcomes.includes('unknown') ? 'unknown' : 'sound';
}

function wordOf(change: ScenarioChange): string {
  switch (change.kind) {
    case 'compared':
      return change.comparison.verdict;
    case 'added':
      return `new scenario: ${change.after.verdict}`;
    case 'failed':
      return 'not compared';
    case 'skipped':
      return 'not run';
  }
}

export function reasonOf(change: ScenarioChange): string {
  switch (change.kind) {
    case 'compared':
      return change.comparison.reason;
    case 'added':
      return change.after.reason;
    case 'failed':
      return change.reason;
    case 'skipped':
      return 'no time left';
  }
}

function detailOf(change: ScenarioChange, workspace: string): string[] {
  if (change.kind !== 'compared' && change.kind !== 'added') return [];
  const cause = change.after.suspects.length === 0 ? '' : markdownReport(change.after, { directory: workspace });
  const text = change.kind === 'compared' ? `${comparisonMarkdown(change.comparison)}\n${cause}` : cause;
  return [`<details><summary>${plain(change.name)}</summary>`, '', text.trimEnd(), '', '</details>', ''];
}
