import type { Suspect } from '../../harness/model/run-record.js';
import { externalFlat, flatCounts, rssAdvisory } from './flat-findings.js';
import { findingWith, recordWith } from './record-with.js';

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
