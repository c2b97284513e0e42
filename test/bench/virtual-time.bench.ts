/**
 * What virtual time costs a target while it is driven: throughput of a target whose clock was moved on, against one that
 * keeps real time, both running, in ABBA order. Prints the ratio of the medians and each pair.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession, type Session } from '../../dist/harness/run/measuring/session.js';
import { runParameters } from '../../dist/harness/run/run-parameters.js';
import { loadDefinition } from '../../dist/harness/scenario/load-scenario.js';
import { builtInScenario } from '../../dist/scenarios/index.js';

const pairs = 16;
const sliceMs = 2_000;
const cyclesPerRound = 100;
const dayMs = 86_400_000;

const scenario = await builtInScenario('branch-store/branches');
const directory = mkdtempSync(join(tmpdir(), 'plateau-bench-'));
const concurrency = scenario?.concurrency ?? 1;
let round = 0;

function open(name: string, virtualTime: boolean): Promise<Session> {
  return openSession({
    source: loadDefinition(scenario, directory),
    runId: `20260101-000000-${name}`,
    defects: [],
    seed: 1,
    parameters: runParameters({ virtualTime }, scenario),
    logPath: join(directory, `${name}.log`),
    purpose: 'measure',
    warn: () => undefined,
    signal: new AbortController().signal,
  });
}

async function throughput({ driver }: Session): Promise<number> {
  const startedMs = performance.now();
  let cycles = 0;
  while (performance.now() - startedMs < sliceMs) {
    const outcome = await driver.round({ round, cycles: cyclesPerRound, concurrency, seed: 1 });
    round += 1;
    cycles += outcome.created;
  }
  return (cycles / (performance.now() - startedMs)) * 1_000;
}

const median = (values: readonly number[]) => values.toSorted((left, right) => left - right)[values.length >> 1]!;
const [real, moved] = [await open('real', false), await open('moved', true)];
try {
  await moved.clock!.moveOn(dayMs);
  await throughput(real);
  await throughput(moved);
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? [real, moved] : [moved, real];
    const seen = new Map<Session, number>();
    for (const session of order) seen.set(session, await throughput(session));
    ratios.push(seen.get(moved)! / seen.get(real)!);
  }
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  console.log(`throughput with virtual time: ${percent(median(ratios))}, pairs ${ratios.map(percent).join(' ')}`);
} finally {
  await real.close();
  await moved.close();
  rmSync(directory, { recursive: true, force: true });
}
