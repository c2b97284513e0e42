import { faultedName, faultNames } from '../../harness/model/fault.js';
import type { Finding, RunRecord } from '../../harness/model/run-record.js';
import { formatNumber } from '../format/number.js';
import { printable } from '../format/printable.js';
import { formatCount } from '../format/quantity.js';
import type { Style } from '../format/style.js';

const metricsAtMost = 3;

/** Of a run with faults: each operation, undisturbed and under each fault, and what grows by it. */
export function faultBlocks(record: RunRecord, style: Style): string[][] {
  const cycles = new Map(
    Object.entries(record.latency ?? {}).flatMap(([phase, { count }]) =>
      phase.endsWith('.create') ? [[phase.slice(0, -'.create'.length), count] as const] : [],
    ),
  );
  const names = [...cycles.keys()];
  if (!names.some(isDisturbed)) return [];
  const grown = record.findings.filter(({ verdict }) => verdict === 'leak');
  const isUnexplained = grown.length > 0 && grown.every(({ operation }) => operation === undefined);
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => {
    const own = grown.filter(({ operation }) => operation === name);
    const driven = formatCount(cycles.get(name)!, 'cycles');
    const label = printable(name, 100).padEnd(width);
    if (own.length > 0)
      return `${style.red('✗')} ${label}  ${driven}: ${own.slice(0, metricsAtMost).map(growth).join(', ')}`;
    const symbol = isUnexplained || record.verdict === 'inconclusive' ? style.yellow('?') : style.green('✓');
    return `${symbol} ${label}  ${driven}`;
  });
  return [lines];
}

function isDisturbed(name: string): boolean {
  return faultNames.some((fault) => name.endsWith(faultedName('', fault)));
}

function growth({ metric, slope }: Finding): string {
  const sign = slope.estimate > 0 ? '+' : '';
  return `${metric} ${sign}${formatNumber(Number(slope.estimate.toPrecision(3)))} ${slope.unit}`;
}
