import type { Finding } from '../../harness/model/run-record.js';
import { findingWith } from './record-with.js';

/** What a sound service shows beside what is judged in a test. */
export const flatCounts: readonly Finding[] = [
  ['fds', 'fds', 24],
  ['fds.file', 'fds', 9],
  ['fds.socket', 'fds', 5],
  ['handles', 'handles', 3],
  ['timers', 'timers', 2],
  ['listeners', 'listeners', 41],
  ['threads', 'threads', 11],
  ['children', 'processes', 0],
  ['tempFiles', 'files', 6],
  ['gauge.branches', 'entries', 0],
].map(([metric, unit, value]) =>
  findingWith({ metric: String(metric), unit: String(unit), first: Number(value), last: Number(value) }),
);

export const externalFlat = findingWith({
  metric: 'external',
  slope: { estimate: 0, low: -0.02, high: 0.02, unit: 'B/cycle' },
  detectionFloor: 0.9,
  first: 2_143_110,
  last: 2_143_110,
});
export const rssAdvisory = findingWith({
  metric: 'rss',
  verdict: 'advisory',
  shape: 'noisy',
  slope: { estimate: 61, low: -40, high: 162, unit: 'B/cycle' },
  detectionFloor: 400,
  first: 71_303_168,
  last: 72_105_984,
});
