import type { NightRecord } from '../../harness/model/night.js';

/** RFC 4180: quoted where it must be, quotes doubled. A cell that a spreadsheet would calculate is made text. */
function field(value: string | number): string {
  const text = typeof value === 'string' && /^[=+@-]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

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

/** A row for each entry of a night; files of several nights can be put together. */
export function nightCsvReport(night: NightRecord): string {
  const rows = night.entries.map((entry) => [
    night.id,
    night.startedAt,
    night.environment.gitCommit ?? '',
    entry.scenario,
    entry.variant ?? entry.defects.join('+'),
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
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}
