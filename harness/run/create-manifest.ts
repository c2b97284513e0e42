import { portOf } from '../model/address.js';
import type { Manifest } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { TargetDefinition } from '../model/scenario.js';
import { systemClock } from '../platform/clock.js';
import { ownIdentity } from '../platform/process-identity.js';
import { drawSeed, seededRandom } from '../platform/random.js';
import { findListener } from '../sample/find-listener.js';
import { createRunId } from '../store/run-id.js';
import { gaugeKindsOf, runBudgets } from './budgets.js';
import { checkDefects } from './check-defects.js';
import { describeEnvironment } from './environment.js';
import { entryFor } from './load-baseline.js';
import type { SessionSource } from './measuring/session-source.js';
import { targetOf } from './measuring/target-definition.js';
import { rerunCommand } from './rerun-command.js';
import { runParameters } from './run-parameters.js';

/** What is known of a run before it starts; gives it its id. @throws {PlateauError} `PLATEAU_INVALID_OPTION` */
export function createManifest(source: SessionSource, options: RunOptions): Manifest {
  const scenario = source.kind === 'definition' ? source.scenario : undefined;
  const defects = options.defects ?? [];
  checkDefects(defects, scenario, source.name);
  const seed = options.seed ?? drawSeed();
  const epochMs = systemClock.epochMs();
  const rerun = options.rerun?.(seed) ?? rerunCommand(source.reference, options, seed);
  return {
    schemaVersion: 1,
    id: createRunId(epochMs, seededRandom(drawSeed())),
    scenario: source.name,
    ...(source.name.includes('/') && { system: source.name.split('/')[0]! }),
    ...(scenario?.summary !== undefined && { summary: scenario.summary }),
    defects,
    operations: scenario === undefined ? ['cycle'] : Object.keys(scenario.operations),
    seed,
    startedAt: new Date(epochMs).toISOString(),
    command: options.command ?? rerun,
    rerun,
    environment: describeEnvironment(source.directory),
    parameters: runParameters(options, scenario),
    budgets: runBudgets(options, scenario),
    gauges: gaugeKindsOf(scenario),
    visibility: visibilityOf(source, defects),
    owner: ownIdentity(),
    ...baselineOf(source.name, defects, options),
    ...(options.purpose !== undefined && { purpose: options.purpose }),
    ...(options.night !== undefined && { night: options.night }),
    ...(options.tags !== undefined && { tags: options.tags }),
    ...(options.variant !== undefined && { variant: options.variant }),
  };
}

function baselineOf(
  scenario: string,
  defects: readonly string[],
  { baseline }: RunOptions,
): Pick<Manifest, 'baseline'> {
  const entry = baseline === undefined ? undefined : entryFor(baseline, scenario, defects);
  return entry === undefined ? {} : { baseline: { source: baseline!.source, entry } };
}

function visibilityOf(source: SessionSource, defects: readonly string[]): Manifest['visibility'] {
  if (source.kind !== 'definition') return 'node';
  const target = targetOf(source.scenario, defects);
  if ('script' in target) return 'node';
  const url = runningAddress(target);
  return url === undefined || findListener(portOf(url)) !== undefined ? 'outside' : 'none';
}

/** Where a target listens that plateau neither starts nor is given the pid of. */
function runningAddress(target: TargetDefinition): string | undefined {
  if ('redis' in target) return typeof target.redis === 'string' ? target.redis : undefined;
  if ('postgres' in target) return typeof target.postgres === 'string' ? target.postgres : undefined;
  return 'url' in target && !('pid' in target) ? target.url : undefined;
}
