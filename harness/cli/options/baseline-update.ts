import { printable, printableCommand } from '../../../reporters/format/printable.js';
import type { BaselineEntry } from '../../model/baseline.js';
import type { RunRecord } from '../../model/run-record.js';

export interface BaselineUpdate {
  readonly file: string;
  /** What the entry is of. */
  readonly key: string;
  readonly before: BaselineEntry | undefined;
  readonly after: BaselineEntry;
}

const failing: ReadonlySet<string> = new Set(['leak', 'stalled', 'refusing', 'spinning']);

/** What is known to grow, or to fail otherwise. */
export function knownMetrics({ metrics }: BaselineEntry): string[] {
  return Object.entries(metrics)
    .filter(([, { verdict }]) => failing.has(verdict))
    .map(([metric]) => metric);
}

/** What an update of a baseline put into it, and what it could not know. */
export function updateText(record: RunRecord, { file, key, before, after }: BaselineUpdate): string {
  const known = knownMetrics(after);
  const gone = before === undefined ? [] : knownMetrics(before).filter((metric) => !known.includes(metric));
  const unsettled = record.findings.filter(
    ({ metric, verdict }) => verdict === 'inconclusive' && after.metrics[metric] !== undefined,
  );
  // Only what surely grew by more than its budget is taken as known by a later run.
  const growing = unsettled.filter(({ slope, budget }) => slope.low > budget);
  const undecided = unsettled.filter((finding) => !growing.includes(finding));
  const lines = [
    `${file}: ${printable(key)} ${before === undefined ? 'added' : 'updated'} from run ${after.run}`,
    `  ${knownText(record, known)}`,
    ...(gone.length > 0 ? [`  no longer known: ${gone.join(', ')}`] : []),
    ...(growing.length > 0 ? [`  seen to grow: ${namesOf(growing)}`] : []),
    ...(undecided.length > 0
      ? [
          `  not decided, so not known: ${namesOf(undecided)}; a later run may fail on ${undecided.length === 1 ? 'it' : 'them'}. ${toDecide(record)}`,
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function knownText({ verdict, reason }: RunRecord, known: readonly string[]): string {
  if (known.length > 0) return `known: ${known.join(', ')}`;
  return verdict === 'inconclusive'
    ? `the run is inconclusive (${printable(reason, 300)}): no growth is known, so any growth that a later run shows fails`
    : 'nothing leaks: any growth fails';
}

function namesOf(findings: RunRecord['findings']): string {
  return findings.map(({ metric }) => metric).join(', ');
}

/** A run ends with its first leak, and leaves the rest undecided, unless it is asked to go on. */
function toDecide({ rerun }: RunRecord): string {
  const goesOn = rerun.includes(' --no-until-decided') || !rerun.startsWith('plateau run ');
  return goesOn
    ? 'To know, update the baseline with a longer run'
    : `To know, update the baseline with this run:\n    ${printableCommand(rerun)} --no-until-decided`;
}
