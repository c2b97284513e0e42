import { availableParallelism, freemem } from 'node:os';
import { invalidOption } from '../../model/errors.js';
import type { NightPlan } from '../../model/night.js';
import { systemClock } from '../../platform/clock.js';
import { drawSeed, seededRandom } from '../../platform/random.js';
import { describeEnvironment } from '../../run/environment.js';
import { canariesOf } from '../../run/nightly/canaries.js';
import { planNight, type Shard, shardOf } from '../../run/nightly/plan-night.js';
import type { LoadedConfiguration } from '../../scenario/load-configuration.js';
import { durationMsOf } from '../../scenario/validate-configuration.js';
import { createRunId } from '../../store/run-id.js';
import type { CliContext } from '../context.js';
import { chosenEntries, type SuiteEntry, suiteEntries } from '../suite/suite.js';

const defaults = { time: '2h', minimum: '2m' } as const;
/** A target and what drives it keep two cores busy, and may well take this much. */
const coresForTarget = 2;
const memoryForTarget = 1024 ** 3;

/** Which entries of the configuration are wanted, and within which time. */
export interface NightSelection {
  readonly only?: readonly string[];
  readonly shard?: Shard;
  /** Milliseconds for the whole night. @defaultValue `nightly.time` of the configuration, else two hours */
  readonly time?: number;
}

/** @throws {PlateauError} for an entry that the configuration lacks, or more parts than entries */
export async function wantedNight(
  context: CliContext,
  loaded: LoadedConfiguration,
  selection: NightSelection,
): Promise<NightPlan> {
  return planOf(context, loaded, selected(await suiteEntries(loaded), selection), selection);
}

function selected(entries: readonly SuiteEntry[], { only, shard }: NightSelection): readonly SuiteEntry[] {
  const chosen = only === undefined ? entries : chosenEntries(entries, only);
  if (shard === undefined) return chosen;
  if (shard.count > chosen.length)
    throw invalidOption(
      `--shard: expected at most ${chosen.length} ${chosen.length === 1 ? 'part' : 'parts'}, one for each scenario, got ${shard.count}.`,
      `--shard ${Math.min(shard.index, chosen.length)}/${chosen.length}`,
    );
  return shardOf(chosen, shard);
}

function planOf(
  context: CliContext,
  { configuration, directory }: LoadedConfiguration,
  entries: readonly SuiteEntry[],
  { only, shard, time }: NightSelection,
): NightPlan {
  const { nightly: wanted = {}, scenarios } = configuration;
  const epochMs = systemClock.epochMs();
  const minimumMs = durationMsOf(wanted.minimum ?? defaults.minimum);
  return planNight({
    id: createRunId(epochMs, seededRandom(drawSeed())),
    startedAt: new Date(epochMs).toISOString(),
    command: context.commandLine,
    environment: describeEnvironment(directory),
    configuration: { scenarios, nightly: wanted },
    budgetMs: time ?? durationMsOf(wanted.time ?? defaults.time),
    targetsAtOnce: wanted.targetsAtOnce ?? bearableTargets(),
    canaries: canariesOf(configuration, directory).length,
    entries: entries.map(({ name, source, variant, options, minimumMs: own }) => ({
      name,
      scenario: source.name,
      ...(variant !== undefined && { variant }),
      defects: options.defects ?? [],
      minimumMs: own ?? minimumMs,
    })),
    ...(only !== undefined && { only }),
    ...(shard !== undefined && { shard }),
  });
}

/** More targets at once would wait for each other, and their figures would be of the waiting. */
function bearableTargets(): number {
  const byCores = Math.floor(availableParallelism() / coresForTarget);
  return Math.max(1, Math.min(byCores, Math.floor(freemem() / memoryForTarget)));
}
