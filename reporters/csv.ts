import Papa from 'papaparse';
import type { RunRecord } from '../harness/model/run-record.js';
import type { SampleTable } from '../harness/model/sample.js';

/**
 * Every sample of a run, one row each; what was not read is empty. `plateau analyse FILE.csv` reads it back.
 * @param _record for the same shape as the other reporters; the samples say everything
 * @returns RFC 4180, lines ending in CR LF
 */
export function csvReport(_record: RunRecord, samples: SampleTable): string {
  const operations = [...samples.cyclesByOperation];
  const metrics = [...samples.metrics].sort(([one], [other]) => (one < other ? -1 : 1));
  const header = [
    'kind',
    'phase',
    'round',
    'elapsedMs',
    'cycles',
    ...operations.map(([name]) => `cycles.${name}`),
    ...metrics.map(([name]) => name),
  ];
  const columns = [
    samples.rounds,
    samples.elapsedMs,
    samples.cycles,
    ...[...operations, ...metrics].map(([, values]) => values),
  ];
  const rows: (string | number | undefined)[][] = [header];
  for (let row = 0; row < samples.length; row += 1) {
    const numbers = columns.map((column) => (Number.isFinite(column[row]) ? column[row] : undefined));
    rows.push([samples.kinds[row], samples.phases[row], ...numbers]);
  }
  return `${Papa.unparse(rows, { newline: '\r\n' })}\r\n`;
}
