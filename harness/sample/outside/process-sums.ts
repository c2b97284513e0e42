import type { ProcessReading } from './process-reader.js';

/** undefined as soon as one of them is unknown: a sum that lacks a process would be a step in the series. */
export function sumOf(parts: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    total += part;
  }
  return parts.length === 0 ? undefined : total;
}

/** Pages that processes share (buffers of a database, libraries) count once, as those of the process that has most. */
export function residentBytesOf(readings: readonly ProcessReading[]): number | undefined {
  const own = sumOf(readings.map(({ residentBytes, anonymousBytes }) => anonymousBytes ?? residentBytes));
  const shared = readings.map(({ residentBytes, anonymousBytes }) => residentBytes - (anonymousBytes ?? residentBytes));
  return own === undefined ? undefined : own + Math.max(0, ...shared);
}
