import { comparisonSummary, runSummary } from '../../../reporters/index.js';
import type { Comparison } from '../../model/comparison.js';
import { type RuleName, ruleExplanations } from '../../model/rule.js';
import type { RunRecord } from '../../model/run-record.js';

/** Six answers fit into 8 KiB, so that an agent goes from a leak to a proven fix without filling its context. */
export const answerBytesMax = 1_365;

/** The verdict, what grows, and where it comes from. */
export function runAnswer(record: RunRecord, directory: string): string {
  return fitted(runSummary(record, directory));
}

/** Why the gravest metric was judged so, and the whole trail of its first suspects. */
export function explainAnswer(record: RunRecord, directory: string): string {
  const { id, verdict, suspects, notes } = runSummary(record, directory);
  const [finding] = record.findings;
  const rule = finding?.rule;
  return fitted({
    id,
    verdict,
    ...(finding && { metric: finding.metric, why: finding.reason }),
    ...(rule && { rule: rule.name, means: ruleExplanations[rule.name as RuleName] ?? '', numbers: rule.numbers }),
    suspects: suspects.map((suspect, index) => {
      const { stack = [], holder } = record.suspects[index]!;
      return {
        ...suspect,
        stack: stack.slice(0, 3).map(({ file, line }) => `${file}:${line}`),
        ...(holder && { path: holder.path.slice(0, 6).join(' > ') }),
      };
    }),
    notes,
  });
}

export function comparisonAnswer(comparison: Comparison): string {
  return fitted(comparisonSummary(comparison));
}

/** Names of scenarios and the last runs. */
export function listAnswer(scenarios: readonly string[], runs: readonly string[]): string {
  return fitted({ scenarios, runs });
}

/** JSON of at most so many bytes: the longest list gives up its last elements first. */
function fitted(answer: Readonly<Record<string, unknown>>): string {
  const lists = new Map(
    Object.entries(answer).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1])),
  );
  let text = JSON.stringify(answer);
  let leftOut = 0;
  while (Buffer.byteLength(text) > answerBytesMax) {
    const [longest] = [...lists].sort(
      ([, one], [, other]) => JSON.stringify(other).length - JSON.stringify(one).length,
    );
    if (longest === undefined || longest[1].length === 0) return `${text.slice(0, answerBytesMax - 3)}...`;
    lists.set(longest[0], longest[1].slice(0, -1));
    leftOut += 1;
    text = JSON.stringify({ ...answer, ...Object.fromEntries(lists), leftOut });
  }
  return text;
}
