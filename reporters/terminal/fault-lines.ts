import { faultedName, faultNames } from '../../harness/model/fault.js';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { intervalText } from '../format/interval.js';
import { formatNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import type { Style } from '../format/style.js';

const metricsAtMost = 3;
const nameWidthMax = 100;

/** Of a run with faults: each operation, undisturbed and under each fault, and what grows by it. */
export function faultBlocks(record: RunRecord, style: Style): string[][] {
  const cycles = new Map(
    Object.entries(record.latency ?? {}).flatMap(([phase, { count }]) =>
      phase.endsWith('.create') ? [[phase.slice(0, -'.create'.length), count] as const] : [],
    ),
  );
  const names = [...cycles.keys()];
  if (!names.some(isDisturbed)) return [];
  const width = Math.min(nameWidthMax, Math.max(...names.map((name) => name.length)));
  const rows = names.map((name) => ({ name, count: cycles.get(name)!, ...seenOf(record, name) }));
  const lines = rows.flatMap(({ name, count, grown, doubts, isSound }) => {
    const shown = `${printable(name, nameWidthMax).padEnd(width)}  ${formatCount(count, 'cycles')}`;
    if (grown.length > 0) return [`${style.red('✗')} ${shown}: ${grown.slice(0, metricsAtMost).join(', ')}`];
    const symbol = isSound ? style.green('✓') : style.yellow('?');
    return [`${symbol} ${shown}`, ...doubts.slice(0, metricsAtMost).map((doubt) => `    ${style.dim(doubt)}`)];
  });
  const open = rows.filter(({ grown, isSound }) => grown.length === 0 && !isSound).length;
  return [open === 0 ? lines : [...lines, openText(record, open)]];
}

/** Why some rows are marked with a question mark, and what answers it. */
function openText({ verdict, findings, reason }: RunRecord, open: number): string {
  const which = open === 1 ? 'one is' : `${formatNumber(open)} are`;
  if (verdict === 'leak')
    return `? ${which} not distinguished from those that grow yet: repeat with a longer --duration`;
  const undecided = findings.filter((finding) => finding.verdict === 'inconclusive').map(({ metric }) => metric);
  const names = undecided.slice(0, metricsAtMost).join(', ');
  const more = undecided.length > metricsAtMost ? ` and ${formatNumber(undecided.length - metricsAtMost)} more` : '';
  const cause = undecided.length === 0 ? reason : `the run left ${names}${more} undecided`;
  return `? ${which} not shown to be sound: ${cause}`;
}

interface Seen {
  /** `heapUsed +2.46 KiB/cycle`, what leaks by the operation. */
  readonly grown: readonly string[];
  /** What leaks and may leak by the operation too: the reason why it is not shown to be sound. */
  readonly doubts: readonly string[];
  readonly isSound: boolean;
}

function seenOf({ verdict, findings }: RunRecord, name: string): Seen {
  const leaks = findings.filter((finding) => finding.verdict === 'leak');
  const shares = leaks.flatMap((finding) =>
    (finding.byOperation ?? []).flatMap((share) => (share.operation === name ? [{ finding, share }] : [])),
  );
  const alone = leaks.filter(({ operation }) => operation === name);
  const grown = [
    ...alone.map(({ metric, slope }) => growth(metric, slope.estimate, slope.unit)),
    ...shares.flatMap(({ finding, share }) =>
      share.grows === 'yes' && !alone.includes(finding)
        ? [growth(finding.metric, share.slope.estimate, finding.slope.unit)]
        : [],
    ),
  ];
  const doubts = [
    // What leaks by one operation alone has been attributed; of several, each must be shown to have no part in it.
    ...shares.flatMap(({ finding, share }) =>
      finding.operation === undefined && share.grows === 'unclear'
        ? [`${finding.metric} may grow by it: ${intervalText({ ...share.slope, unit: finding.slope.unit })}`]
        : [],
    ),
    ...leaks.flatMap(({ metric, operation, byOperation }) =>
      operation === undefined && byOperation === undefined
        ? [`${metric} grows, and the operation that it grows by is not known`]
        : [],
    ),
  ];
  return { grown, doubts, isSound: verdict === 'leak' ? doubts.length === 0 : verdict === 'plateau' };
}

function isDisturbed(name: string): boolean {
  return faultNames.some((fault) => name.endsWith(faultedName('', fault)));
}

function growth(metric: Finding['metric'], estimate: number, unit: string): string {
  const sign = estimate > 0 ? '+' : '';
  return `${metric} ${sign}${formatNumber(Number(estimate.toPrecision(3)))} ${unit}`;
}
