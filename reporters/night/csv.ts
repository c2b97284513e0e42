import Papa from 'papaparse';
import { seriesVariant } from '../../harness/model/history.js';
import type { NightRecord } from '../../harness/model/night.js';

const header = [
  'night',
  'startedAt',
  'gitCommit',
  'scenario',
  'variant',
  'verdict',
  'known',
  'exitCode',
  'leaking',
  'cycles',
  'spentMs',
  'attempts',
  'run',
  'file',
  'line',
  'reason',
];

/**
 * A row for each entry of a night; files of several nights can be put together. A cell that a spreadsheet would calculate is
 * made text.
 * @returns RFC 4180, lines ending in CR LF
 */
export function nightCsvReport(night: NightRecord): string {
  const rows = night.entries.map((entry) => [
    night.id,
    night.startedAt,
    night.environment.gitCommit ?? '',
    entry.scenario,
    seriesVariant(entry),
    entry.verdict,
    String(entry.known),
    entry.exitCode,
    entry.leaking.join(' '),
    entry.cycles,
    entry.spentMs,
    entry.attempts,
    entry.run ?? '',
    entry.location?.file ?? '',
    entry.location?.line ?? '',
    entry.reason,
  ]);
  return `${Papa.unparse([header, ...rows], { newline: '\r\n', escapeFormulae: true })}\r\n`;
}
