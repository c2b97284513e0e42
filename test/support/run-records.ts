import type { RunRecord } from '../../harness/model/run-record.js';
import { externalFlat, flatCounts, rssAdvisory } from './flat-findings.js';
import { leakRecord } from './leak-record.js';
import { nastyRecord } from './nasty-record.js';
import { findingWith, recordWith } from './record-with.js';

/** Run records as real runs leave them, for tests of what is made from records. */

const heapFlat = findingWith({
  metric: 'heapUsed',
  slope: { estimate: 0.42, low: -0.21, high: 1.05, unit: 'B/cycle' },
  first: 6_412_288,
  last: 6_417_912,
});
export const plateauRecord = recordWith({ findings: [heapFlat, externalFlat, ...flatCounts, rssAdvisory] });

export const inconclusiveRecord = recordWith({
  id: '20261121-080000-1b22d0',
  scenario: 'upload',
  command: 'plateau run upload --duration 20s',
  rerun: 'plateau run upload --seed 7',
  seed: 7,
  endedAt: '2026-11-21T07:15:22.000Z',
  verdict: 'inconclusive',
  exitCode: 2,
  reason: 'heapUsed cannot be distinguished from its budget yet: 6 floors of the 8 needed after warm-up.',
  counts: { cycles: 2_410, created: 2_410, destroyed: 2_398, failed: 12, rounds: 11, warmupRounds: 5 },
  findings: [
    findingWith({
      metric: 'heapUsed',
      verdict: 'inconclusive',
      shape: 'decelerating',
      slope: { estimate: 14.2, low: -3.1, high: 31.5, unit: 'B/cycle' },
      detectionFloor: 44,
      first: 6_412_288,
      last: 6_446_512,
      rounds: 6,
      cyclesToDecide: 11_800,
      reason: '6 floors of the 8 needed after warm-up',
    }),
    ...flatCounts.slice(0, 4),
  ],
  failures: [
    {
      operation: 'upload',
      phase: 'create',
      kind: 'ECONNRESET',
      count: 11,
      message: 'read ECONNRESET',
    },
    { operation: 'upload', phase: 'destroy', kind: 'HttpError', count: 1, message: 'DELETE /files/88 answered 503' },
  ],
  audit: [
    { check: 'control', ok: true, detail: 'a planted leak of 64 B/cycle was seen, and its release too' },
    { check: 'probe:pss', ok: false, detail: '/proc/4711/smaps_rollup could not be read (EACCES)' },
  ],
});

export const crashedRecord = recordWith({
  verdict: 'crashed',
  exitCode: 4,
  reason: 'The target ended with exit code 134 (SIGABRT) in round 9, after 1,871 cycles.',
  counts: { cycles: 1_871, created: 1_880, destroyed: 1_871, failed: 9, rounds: 8, warmupRounds: 0 },
  findings: [],
  hint: 'see what it printed last',
  targetOutput: {
    lastLines: [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      '----- Native stack trace -----',
    ],
    log: 'target.log',
  },
  artifacts: [{ kind: 'log', path: 'target.log' }],
});

export const interruptedRecord = recordWith({
  verdict: 'interrupted',
  exitCode: 130,
  reason: 'Interrupted after 4 rounds; too few to judge heapUsed.',
  counts: { cycles: 880, created: 881, destroyed: 881, failed: 0, rounds: 4, warmupRounds: 0 },
  findings: [
    findingWith({
      metric: 'heapUsed',
      verdict: 'inconclusive',
      shape: 'noisy',
      rounds: 0,
      detectionFloor: null,
      first: 6_412_288,
      last: 6_512_288,
      reason: '4 floors, none after warm-up',
    }),
  ],
});

export const stalledRecord = recordWith({
  verdict: 'stalled',
  exitCode: 1,
  reason: 'No cycle ended for 30 s in round 21: all 4 creates wait for an answer.',
  findings: [
    findingWith({
      metric: 'throughput',
      unit: 'cycles/s',
      verdict: 'stalled',
      shape: 'falling',
      slope: { estimate: -0.9, low: -1.1, high: -0.7, unit: 'cycles/s/cycle' },
      detectionFloor: null,
      first: 412,
      last: 0,
      reason: 'fell to nothing',
    }),
    ...flatCounts,
  ],
  failures: [
    { operation: 'branch', phase: 'create', kind: 'Timeout', count: 4, message: 'no answer within 10,000 ms' },
  ],
});

export const allRecords: Readonly<Record<string, RunRecord>> = {
  plateau: plateauRecord,
  leak: leakRecord,
  inconclusive: inconclusiveRecord,
  crashed: crashedRecord,
  interrupted: interruptedRecord,
  stalled: stalledRecord,
  nasty: nastyRecord,
};
