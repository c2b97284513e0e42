// Judging 24 h of samples at 1 Hz in 50 metrics: `npx tsx test/bench/judge.bench.ts`; ends with 1 when a goal is missed.
// Twice: every sample a floor (the worst case), and a floor a minute among load samples (a real run).

import { judge } from '../../harness/analyse/judge.js';
import { assess } from '../../harness/analyse/next/assess.js';
import type { StoredRun } from '../../harness/model/run-log.js';
import { heapFloor, syntheticRun } from '../support/synthetic-run.js';

const goals = { judgeMs: 2_000, peakBytes: 300 * 2 ** 20, assessMs: 1 };
const samples = 86_400;
const counts = ['fds', 'handles', 'threads', 'children', 'timers', 'objects', 'listeners', 'tempFiles'];
const gauges = Array.from({ length: 30 }, (_, index) => `gauge.g${index}`);
const classes = Array.from({ length: 8 }, (_, index) => `objects.C${index}`);
const bytes = ['heapUsed', 'external', 'arrayBuffers', 'rss'];

function day(floorEvery: number): StoredRun {
  const flat = [...counts, ...gauges, ...classes].map((name, index) => [name, () => 20 + index] as const);
  const run = syntheticRun({
    floors: samples,
    cyclesPerRound: 900,
    metrics: { ...Object.fromEntries(flat), ...Object.fromEntries(bytes.map((name) => [name, heapFloor])) },
  });
  const kinds = run.samples.kinds.map((_, row) => (row % floorEvery === 0 ? ('floor' as const) : ('load' as const)));
  return { ...run, samples: { ...run.samples, kinds } };
}

/** Of this process: a busy machine does not show. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

let missed = false;
for (const [name, floorEvery] of [
  ['every sample a floor', 1],
  ['a floor a minute', 60],
] as const) {
  const run = day(floorEvery);
  const before = process.memoryUsage().rss;
  const start = cpuMs();
  const { findings, verdict } = judge(run);
  const judgeMs = cpuMs() - start;
  const peakBytes = process.resourceUsage().maxRSS * 1024 - before;
  const asked = 200;
  const startAssess = cpuMs();
  for (let time = 0; time < asked; time += 1) assess(run);
  const assessMs = (cpuMs() - startAssess) / asked;
  console.log(
    `${name}: ${findings.length} findings, ${verdict}; judge ${judgeMs.toFixed(0)} ms, ` +
      `${(Math.max(0, peakBytes) / 2 ** 20).toFixed(0)} MiB beside the samples; assess between looks ${assessMs.toFixed(2)} ms`,
  );
  missed ||= judgeMs > goals.judgeMs || peakBytes > goals.peakBytes || assessMs > goals.assessMs;
}
process.exitCode = missed ? 1 : 0;
