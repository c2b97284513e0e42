import type { Comparison } from '../harness/model/comparison.js';
import type { CodeLocation, Finding, RunRecord, Suspect } from '../harness/model/run-record.js';
import { intervalText } from './format/interval.js';
import { placeText } from './format/location.js';
import { inertJson, printable, printableCommand } from './format/printable.js';
import { levelsText } from './format/wording.js';

/** What a reader can take in at once: the gravest come first. */
const findingsMax = 5;
const suspectsMax = 3;
const textMax = 200;

/** A finding in a line. */
export interface FindingSummary {
  readonly metric: string;
  readonly verdict: string;
  readonly slope: string;
  readonly levels: string;
}

/** Where growth comes from, without anything that the heap held. */
export interface SuspectSummary {
  readonly what: string;
  readonly at?: string;
  readonly line?: string;
  readonly heldBy?: string;
  readonly share: number;
}

function findingSummary(finding: Finding): FindingSummary {
  const { metric, verdict, slope } = finding;
  return { metric, verdict, slope: intervalText(slope), levels: levelsText(finding) };
}

function suspectSummary(
  { description, location, holder, share }: Suspect,
  directory: string | undefined,
): SuspectSummary {
  return {
    what: printable(description, textMax),
    ...(location && { at: placeOf(location, directory) }),
    ...(location?.source !== undefined && { line: printable(location.source, textMax) }),
    ...(holder && { heldBy: printable(holder.description, textMax) }),
    share: Number(share.toFixed(2)),
  };
}

function placeOf(location: CodeLocation, directory: string | undefined): string {
  const name = location.function === undefined ? '' : ` in ${printable(location.function, 60)}`;
  return `${placeText(location, directory)}${name}`;
}

/** A run on one screen, for scripts and agents. */
export function runSummary(record: RunRecord, directory?: string) {
  const { id, scenario, defects, verdict, exitCode, reason, counts } = record;
  return {
    id,
    scenario,
    ...(defects.length > 0 && { defects }),
    verdict,
    exitCode,
    reason: printable(reason, 2 * textMax),
    cycles: counts.cycles,
    findings: record.findings.slice(0, findingsMax).map(findingSummary),
    suspects: record.suspects.slice(0, suspectsMax).map((suspect) => suspectSummary(suspect, directory)),
    notes: record.audit
      .flatMap(({ check, ok, detail }) => (ok ? [] : [printable(`${check}: ${detail}`, textMax)]))
      .slice(0, 2),
    rerun: printableCommand(record.rerun),
  };
}

/** A comparison on one screen. */
export function comparisonSummary({ before, after, verdict, exitCode, reason, metrics }: Comparison) {
  return {
    before: { id: before.id, verdict: before.verdict },
    after: { id: after.id, verdict: after.verdict },
    verdict,
    exitCode,
    reason: printable(reason, 2 * textMax),
    metrics: metrics.slice(0, findingsMax).map(({ metric, word, difference }) => ({
      metric,
      word,
      ...(difference && { difference: intervalText(difference) }),
    })),
  };
}

/** JSON with a line a member, and a line an element of its lists; ends in a newline. */
export function screenJson(summary: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(summary).map(([name, value]) => {
    const isList = Array.isArray(value) && value.some((element) => typeof element === 'object');
    const text = isList
      ? `[\n${value.map((element) => `    ${inertJson(element)}`).join(',\n')}\n  ]`
      : inertJson(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}
