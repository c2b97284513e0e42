const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const idPattern = /^\d{8}-\d{6}-[0-9a-z]{5}$/;

/**
 * `20260131-235959-a3k9x`: sorts by time to the millisecond (UTC; the first two of the last five are the milliseconds),
 * and the last five alone name a run in practice.
 * @param random uniform in [0, 1)
 */
export function createRunId(epochMs: number, random: () => number): string {
  const [date, time] = new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  const milliseconds = (Math.floor(epochMs) % 1000).toString(36).padStart(2, '0');
  const chance = Array.from({ length: 3 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  return `${date}-${time}-${milliseconds}${chance}`;
}

export function isRunId(name: string): boolean {
  return idPattern.test(name);
}
