import type { Finding, RunRecord, Suspect } from '../../harness/model/run-record.js';
import { nastyRecord } from './nasty-record.js';
import { findingWith, recordWith } from './record-with.js';

/** Run records as real runs leave them, for tests of what is made from records. */

const flatCounts: readonly Finding[] = [
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

const heapFlat = findingWith({
  metric: 'heapUsed',
  slope: { estimate: 0.42, low: -0.21, high: 1.05, unit: 'B/cycle' },
  first: 6_412_288,
  last: 6_417_912,
});
const externalFlat = findingWith({
  metric: 'external',
  slope: { estimate: 0, low: -0.02, high: 0.02, unit: 'B/cycle' },
  detectionFloor: 0.9,
  first: 2_143_110,
  last: 2_143_110,
});
const rssAdvisory = findingWith({
  metric: 'rss',
  verdict: 'advisory',
  shape: 'noisy',
  slope: { estimate: 61, low: -40, high: 162, unit: 'B/cycle' },
  detectionFloor: 400,
  first: 71_303_168,
  last: 72_105_984,
});

export const plateauRecord = recordWith({ findings: [heapFlat, externalFlat, ...flatCounts, rssAdvisory] });

const locksLeak = findingWith({
  metric: 'gauge.commitLocks',
  unit: 'entries',
  operation: 'branch',
  driver: 'operation',
  verdict: 'leak',
  shape: 'linear',
  slope: { estimate: 1, low: 0.999, high: 1.001, unit: 'entries/cycle' },
  first: 2_412,
  last: 13_240,
  reason: 'gains 1 entry with each cycle of branch',
});
const heapLeak = findingWith({
  metric: 'heapUsed',
  operation: 'branch',
  driver: 'operation',
  verdict: 'leak',
  shape: 'linear',
  slope: { estimate: 1_372, low: 1_239, high: 1_505, unit: 'B/cycle' },
  first: 9_412_288,
  last: 24_266_112,
  reason: 'gains 1.34 KiB with each cycle of branch',
});
const handlesStep = findingWith({
  metric: 'handles',
  unit: 'handles',
  shape: 'step',
  step: { atCycles: 3_312, height: 25 },
  first: 12,
  last: 37,
  reason: 'stepped once and stayed',
});
const cacheSaturating = findingWith({
  metric: 'objects.CacheEntry',
  unit: 'objects',
  shape: 'saturating',
  saturation: { level: 256, atCycles: 2_400 },
  slope: { estimate: 0.000_02, low: -0.000_11, high: 0.000_15, unit: 'objects/cycle' },
  budget: 0.002,
  first: 211,
  last: 256,
});

const outerFrames = [
  { file: '/srv/app/src/routes.ts', line: 12, column: 3, function: 'route' },
  { file: '/srv/app/src/routes.ts', line: 31, column: 5, function: 'authorize' },
  { file: '/srv/app/src/main.ts', line: 8, column: 1, function: 'listener' },
];
const lockSuspect: Suspect = {
  kind: 'allocation-site',
  description: '`CommitLock` kept for every branch that ever was',
  metric: 'heapUsed',
  operation: 'branch',
  location: {
    file: '/srv/app/src/store/commit-locks.ts',
    line: 41,
    column: 17,
    function: 'CommitLocks.acquire',
    source: 'this.locks.set(branch, new CommitLock(branch));',
  },
  stack: [
    { file: '/srv/app/src/store/commit-locks.ts', line: 41, column: 17, function: 'CommitLocks.acquire' },
    { file: '/srv/app/src/store/branch-store.ts', line: 118, column: 24, function: 'BranchStore.commit' },
    { file: '/srv/app/src/server.ts', line: 63, column: 9, function: 'handleCommit' },
    ...outerFrames,
    { file: 'node:events', line: 518, column: 28, function: 'emit' },
  ],
  holder: {
    description: 'CommitLocks.locks: Map',
    path: ['module server.ts', 'store', 'BranchStore.commitLocks', 'CommitLocks.locks', 'Map entry'],
    location: { file: '/srv/app/src/store/commit-locks.ts', line: 12 },
  },
  perCycle: { estimate: 1_143, low: 1_020, high: 1_266, unit: 'B/cycle' },
  share: 0.833,
  series: Array.from({ length: 16 }, (_, index) => [220 * index, 64_000 + 251_460 * index]),
};
const waiterSuspect: Suspect = {
  kind: 'allocation-site',
  description: 'Promise and closure of the lock queue',
  metric: 'heapUsed',
  operation: 'branch',
  location: {
    file: '/srv/app/node_modules/p-queue/dist/index.js',
    line: 201,
    column: 20,
    function: 'PQueue.add',
    package: 'p-queue@8.0.1',
    source: 'return new Promise((resolve, reject) => {',
  },
  calledFrom: {
    file: '/srv/app/src/store/commit-locks.ts',
    line: 44,
    column: 12,
    function: 'CommitLocks.acquire',
    source: 'await this.queue.add(() => this.hold(branch));',
  },
  stack: [
    { file: '/srv/app/node_modules/p-queue/dist/index.js', line: 201, column: 20, function: 'PQueue.add' },
    { file: '/srv/app/src/store/commit-locks.ts', line: 44, column: 12, function: 'CommitLocks.acquire' },
    { file: '/srv/app/src/store/branch-store.ts', line: 118, column: 24, function: 'BranchStore.commit' },
    { file: '/srv/app/src/server.ts', line: 63, column: 9, function: 'handleCommit' },
    ...outerFrames,
  ],
  perCycle: { estimate: 188, low: 151, high: 225, unit: 'B/cycle' },
  share: 0.137,
  series: Array.from({ length: 16 }, (_, index) => [220 * index, 12_000 + 41_360 * index]),
};
const gaugeSuspect: Suspect = {
  kind: 'gauge',
  description: 'commitLocks, which the target counts itself',
  metric: 'gauge.commitLocks',
  operation: 'branch',
  perCycle: { estimate: 1, low: 0.999, high: 1.001, unit: 'entries/cycle' },
  share: 1,
};

export const leakRecord = recordWith({
  defects: ['commit-locks'],
  verdict: 'leak',
  exitCode: 1,
  command: 'plateau run branch-store/branches --defect commit-locks',
  rerun: 'plateau run branch-store/branches --defect commit-locks --seed 41',
  reason:
    'gauge.commitLocks gains 1 entry with each cycle of branch (99 % interval 0.999 to 1.001), and its budget is 0.',
  findings: [
    locksLeak,
    heapLeak,
    handlesStep,
    cacheSaturating,
    externalFlat,
    ...flatCounts.filter(({ metric }) => metric !== 'handles'),
    rssAdvisory,
  ],
  suspects: [lockSuspect, waiterSuspect, gaugeSuspect],
  explained: { heapUsed: 0.97 },
  warnings: ['the census was skipped in 2 rounds: it took longer than the round'],
  artifacts: [
    { kind: 'samples', path: 'samples.ndjson' },
    { kind: 'heap-snapshot', path: 'attribution/after-warmup.heapsnapshot' },
    { kind: 'heap-snapshot', path: 'attribution/end.heapsnapshot' },
    { kind: 'log', path: 'target.log' },
  ],
});

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
    { check: 'pss', ok: false, detail: '/proc/4711/smaps_rollup could not be read (EACCES)' },
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
