import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Attribution } from '../../harness/model/run-log.js';
import type { Finding } from '../../harness/model/run-record.js';
import type { ScenarioDefinition } from '../../harness/model/scenario.js';

type Modules = {
  loadScenario: typeof import('../../harness/scenario/load-scenario.js')['loadScenario'];
  loadDefinition: typeof import('../../harness/scenario/load-scenario.js')['loadDefinition'];
  openSession: typeof import('../../harness/run/measuring/session.js')['openSession'];
  createFloorReader: typeof import('../../harness/run/measuring/floor-reader.js')['createFloorReader'];
  runParameters: typeof import('../../harness/run/run-parameters.js')['runParameters'];
  planAttribution: typeof import('../../harness/attribute/plan-attribution.js')['planAttribution'];
  collectEvidence: typeof import('../../harness/attribute/evidence/collect-evidence.js')['collectEvidence'];
  attribute: typeof import('../../harness/attribute/attribute.js')['attribute'];
  systemClock: typeof import('../../harness/platform/clock.js')['systemClock'];
};

/** The agent and the snapshot reader are processes of their own: the built files are what runs. */
const built = [
  'scenario/load-scenario',
  'run/measuring/session',
  'run/measuring/floor-reader',
  'run/run-parameters',
].concat([
  'attribute/plan-attribution',
  'attribute/evidence/collect-evidence',
  'attribute/attribute',
  'platform/clock',
]);

async function builtModules(): Promise<Modules> {
  const modules = await Promise.all(
    built.map((name) => import(new URL(`../../dist/harness/${name}.js`, import.meta.url).href)),
  );
  return Object.assign({}, ...modules) as Modules;
}

export interface AttributionTrial {
  /** A function module, or a definition and where its paths begin. */
  readonly module: string | { readonly definition: ScenarioDefinition; readonly directory: string };
  readonly variant: 'leaky' | 'sound';
  /** What the measuring pass is supposed to have found: growth per cycle by metric, gravest first. */
  readonly growth: Readonly<Record<string, number>>;
  /** Cycles that the measuring pass is supposed to have driven, and the time that took. */
  readonly cycles: number;
  readonly driveMs: number;
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the attribution pass as a run does, on a real child process, for findings that the test states. */
export async function attributeModule(trial: AttributionTrial): Promise<Attribution> {
  const modules = await builtModules();
  const findings = Object.entries(trial.growth).map(([metric, slope]) => leakFinding(metric, slope));
  const { cycles, driveMs } = trial;
  const plan = modules.planAttribution({ findings, cycles, driveMs, rounds: 10, universe: 'fresh' });
  if (plan === undefined) throw new Error('nothing to attribute');
  const { module } = trial;
  const source =
    typeof module === 'string'
      ? await modules.loadScenario(module)
      : modules.loadDefinition(module.definition, module.directory);
  const parameters = modules.runParameters({}, undefined);
  const stop = new AbortController();
  mkdirSync(trial.directory, { recursive: true });
  const session = await modules.openSession({
    source,
    runId: `test-${process.pid}-${path.basename(source.name)}`,
    defects: [],
    seed: 1,
    parameters,
    logPath: path.join(trial.directory, 'target.log'),
    agentEnvironment: { ...plan.environment, ...trial.environment, VARIANT: trial.variant },
    purpose: 'cause',
    warn: () => undefined,
    signal: stop.signal,
  });
  try {
    const floors = modules.createFloorReader({ ...session, clock: modules.systemClock, signal: stop.signal });
    let round = 0;
    let driven = 0;
    const evidence = await modules.collectEvidence(plan, {
      target: session.target,
      inside: session.inside,
      directory: trial.directory,
      nowMs: () => performance.now(),
      async round(cycles) {
        const outcome = await session.driver.round({ round, cycles, concurrency: 1, seed: 1 });
        round += 1;
        for (const started of Object.values(outcome.cyclesByOperation)) driven += started;
        return { cycles: driven, values: await floors.read() };
      },
    });
    return await modules.attribute({ findings, evidence, workingDirectory: source.directory });
  } finally {
    stop.abort();
    await session.close();
  }
}

const byteMetrics = /^(heapUsed|external|arrayBuffers|rss|pss|uss)$/;

function leakFinding(metric: string, slope: number): Finding {
  const unit = byteMetrics.test(metric) ? 'B' : metric.split('.')[0]!;
  return {
    kind: 'growth',
    axis: 'cycle',
    metric,
    unit,
    verdict: 'leak',
    shape: 'linear',
    slope: { estimate: slope, low: slope * 0.98, high: slope * 1.02, unit: `${unit}/cycle` },
    confidence: 0.99,
    budget: 0,
    detectionFloor: slope / 10,
    first: 0,
    last: slope * 1_000,
    rounds: 10,
    reason: 'stated by the test',
  };
}
