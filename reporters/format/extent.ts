import type { RunRecord } from '../../harness/model/run-record.js';
import { elapsedMsOf, formatDuration } from './duration.js';
import { formatCount } from './quantity.js';

/** Readings of curves that something else recorded; undefined for a run that drove cycles. */
export function readingsOf({ parameters }: RunRecord): number | undefined {
  return typeof parameters.readings === 'number' ? parameters.readings : undefined;
}

/** Of a table that counts cycles and no time, nothing is known. */
export function timesOf(record: RunRecord): string[] {
  const elapsedMs = elapsedMsOf(record);
  return elapsedMs > 0 ? [formatDuration(elapsedMs)] : [];
}

/**
 * How long a record is, in its own terms: `12 s`, `2,410 cycles`, `30 rounds`, `seed 7`; or `8d`, `2,059 readings`.
 * @param failed stands behind the cycles, e.g. `, 12 failed`
 */
export function extentTexts(record: RunRecord, failed = ''): string[] {
  const readings = readingsOf(record);
  const times = timesOf(record);
  if (readings !== undefined) {
    const isTimed = record.findings.some(({ driver }) => driver === 'time');
    return [...(isTimed ? times : []), formatCount(readings, 'readings')];
  }
  const { cycles, rounds } = record.counts;
  return [...times, `${formatCount(cycles, 'cycles')}${failed}`, formatCount(rounds, 'rounds'), `seed ${record.seed}`];
}
