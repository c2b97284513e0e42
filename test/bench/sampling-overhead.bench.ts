/**
 * What sampling costs the target: throughput with load samples once a second against none, in the same process, in
 * ABBA order, so that a noisy machine hits both alike. Prints the ratio of the medians and each pair.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../dist/harness/platform/clock.js';
import { createFloorReader } from '../../dist/harness/run/measuring/floor-reader.js';
import { openSession } from '../../dist/harness/run/measuring/session.js';
import { runParameters } from '../../dist/harness/run/run-parameters.js';
import { loadDefinition } from '../../dist/harness/scenario/load-scenario.js';
import { builtInScenario } from '../../dist/scenarios/index.js';

const pairs = 12;
const sliceMs = 2_500;
const sampleEveryMs = 1_000;

const scenario = await builtInScenario('branch-store/branches');
const directory = mkdtempSync(join(tmpdir(), 'plateau-bench-'));
const abort = new AbortController();
const session = await openSession({
  source: loadDefinition(scenario, directory),
  runId: '20260101-000000-bench',
  defects: [],
  seed: 1,
  parameters: runParameters({}, scenario),
  logPath: join(directory, 'target.log'),
  purpose: 'measure',
  warn: () => undefined,
  signal: abort.signal,
});
const reader = createFloorReader({ ...session, clock: systemClock, signal: abort.signal });
const concurrency = scenario?.concurrency ?? 1;
let round = 0;

async function throughput(sampled: boolean): Promise<number> {
  const done = new AbortController();
  const sampling = (async () => {
    while (sampled && !done.signal.aborted) {
      await reader.readLoad();
      await systemClock.wait(sampleEveryMs, done.signal);
    }
  })();
  const startedMs = performance.now();
  let cycles = 0;
  while (performance.now() - startedMs < sliceMs) {
    const outcome = await session.driver.round({ round, cycles: 100, concurrency, seed: 1 });
    round += 1;
    cycles += outcome.created;
  }
  const perSecond = (cycles / (performance.now() - startedMs)) * 1_000;
  done.abort();
  await sampling;
  return perSecond;
}

const median = (values: number[]) => values.toSorted((left, right) => left - right)[values.length >> 1]!;
try {
  await throughput(false);
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? [true, false] : [false, true];
    const measured = new Map<boolean, number>();
    for (const sampled of order) measured.set(sampled, await throughput(sampled));
    ratios.push(measured.get(true)! / measured.get(false)!);
  }
  console.log(`throughput with sampling / without: median ${median(ratios).toFixed(3)} of ${pairs} pairs`);
  console.log(`pairs: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`);
} finally {
  await session.close();
  rmSync(directory, { recursive: true, force: true });
}
