/**
 * What virtual time costs a target while it is driven: CPU time a cycle of a target whose clock was moved on, against one
 * that keeps real time, in ABBA order. On a machine with other work, throughput says nothing. Prints the ratio of the
 * sums, and of each pair.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

/** User and system time of a process, in ticks of the kernel. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

interface Cost {
  readonly ticks: number;
  readonly cycles: number;
}

async function drive({ driver, target }: Session): Promise<Cost> {
  const ticksBefore = cpuTicks(target.pid!);
  const startedMs = performance.now();
  let cycles = 0;
  while (performance.now() - startedMs < sliceMs) {
    const outcome = await driver.round({ round, cycles: cyclesPerRound, concurrency, seed: 1 });
    round += 1;
    cycles += outcome.created;
  }
  return { ticks: cpuTicks(target.pid!) - ticksBefore, cycles };
}

const perCycle = (costs: readonly Cost[]) =>
  costs.reduce((sum, { ticks }) => sum + ticks, 0) / costs.reduce((sum, { cycles }) => sum + cycles, 0);
const [real, moved] = [await open('real', false), await open('moved', true)];
try {
  await moved.clock!.moveOn(dayMs);
  await drive(real);
  await drive(moved);
  const costs = new Map<Session, Cost[]>([
    [real, []],
    [moved, []],
  ]);
  for (let pair = 0; pair < pairs; pair += 1)
    for (const session of pair % 2 === 0 ? [real, moved] : [moved, real])
      costs.get(session)!.push(await drive(session));
  const [realCosts, movedCosts] = [costs.get(real)!, costs.get(moved)!];
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`;
  const ratios = realCosts.map((cost, pair) => percent(perCycle([movedCosts[pair]!]) / perCycle([cost])));
  const all = percent(perCycle(movedCosts) / perCycle(realCosts));
  console.log(`CPU time a cycle with virtual time: ${all}, pairs ${ratios.join(' ')}`);
} finally {
  await real.close();
  await moved.close();
  rmSync(directory, { recursive: true, force: true });
}
