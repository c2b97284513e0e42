import { join } from 'node:path';
import type { Canary } from '../../model/configuration.js';
import { systemClock } from '../../platform/clock.js';
import { build } from '../../repository/build.js';
import { nightFiles } from '../../store/nights/night-store.js';
import { sweepLeftovers } from '../sweep-leftovers.js';
import { flyCanaries } from './canaries.js';
import { type FinishedNight, type FinishSettings, finishNight } from './finish-night.js';
import { NightState, recoverAttempts } from './night-state.js';
import type { OpenNight } from './open-night.js';
import { awaitAttempts, type EntryRunner, runEntries } from './run-entries.js';

export interface NightSettings {
  readonly runner: EntryRunner;
  readonly canaries: readonly Canary[];
  /** A command of the shell that makes what is soaked. */
  readonly build?: string;
  /** Where the build runs. */
  readonly directory: string;
  readonly finish: Pick<FinishSettings, 'knownLeaks' | 'undecidedNights'>;
}

/**
 * Runs a night, or what is left of it.
 * @returns `undefined` when it was interrupted: the next call goes on where it stopped
 * @throws {PlateauError} `PLATEAU_BUILD`, `PLATEAU_STORE`
 */
export async function runNight(night: OpenNight, settings: NightSettings): Promise<FinishedNight | undefined> {
  const { runner, canaries, build: command, directory, finish } = settings;
  const { signal, outDirectory } = runner;
  // A night that was killed may have left processes; they must neither disturb nor finish what is run again.
  await sweepLeftovers();
  const state = await NightState.read(night, outDirectory);
  await awaitAttempts(night, state, runner);
  if (signal.aborted) return undefined;
  await recoverAttempts(night, state, outDirectory);
  if (command !== undefined && !night.events.some(({ event }) => event === 'built')) {
    const logPath = join(night.directory, nightFiles.buildLog);
    try {
      await build({ command, directory, runId: night.plan.id, logPath, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
    night.record({ event: 'built' });
  }
  const voidReason = await flyCanaries(night, canaries, runner);
  if (voidReason === undefined) await runEntries(night, state, runner);
  if (signal.aborted) return undefined;
  const endedAt = new Date(systemClock.epochMs()).toISOString();
  return finishNight(night, state, { ...finish, outDirectory, voidReason, warnings: [], endedAt });
}
