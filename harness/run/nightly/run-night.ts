import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Canary } from '../../model/configuration.js';
import { PlateauError } from '../../model/errors.js';
import { systemClock } from '../../platform/clock.js';
import { sweepOrphans } from '../../platform/sweep-orphans.js';
import { nightFiles } from '../../store/nights/night-store.js';
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
 * @throws {PlateauError} `PLATEAU_BUILD_FAILED`, `PLATEAU_STORE`
 */
export async function runNight(night: OpenNight, settings: NightSettings): Promise<FinishedNight | undefined> {
  const { runner, canaries, build, directory, finish } = settings;
  const { signal, outDirectory } = runner;
  // A night that was killed may have left processes; they must neither disturb nor finish what is run again.
  await sweepOrphans();
  const state = await NightState.read(night, outDirectory);
  await awaitAttempts(night, state, runner);
  if (signal.aborted) return undefined;
  await recoverAttempts(night, state, outDirectory);
  if (build !== undefined && !night.events.some(({ event }) => event === 'built')) {
    await runBuild(build, directory, join(night.directory, nightFiles.buildLog), signal);
    if (signal.aborted) return undefined;
    night.record({ event: 'built' });
  }
  const voidReason = await flyCanaries(night, canaries, runner);
  if (voidReason === undefined) await runEntries(night, state, runner);
  if (signal.aborted) return undefined;
  const endedAt = new Date(systemClock.epochMs()).toISOString();
  return finishNight(night, state, { ...finish, outDirectory, voidReason, warnings: [], endedAt });
}

const shownOfLog = 1_000;

async function runBuild(build: string, directory: string, log: string, signal: AbortSignal): Promise<void> {
  const child = spawn(build, { shell: true, cwd: directory, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let said = '';
  const keep = (text: Buffer) => {
    appendFileSync(log, text, { mode: 0o600 });
    said = (said + text.toString()).slice(-shownOfLog);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  try {
    await once(child, 'close');
  } catch (error) {
    if (signal.aborted) return;
    throw buildFailed(build, String(error));
  }
  if (child.exitCode === 0 || signal.aborted) return;
  const how = child.exitCode === null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
  throw buildFailed(build, `${how}\n${said.trim()}`.trim());
}

function buildFailed(build: string, got: string): PlateauError {
  return new PlateauError('PLATEAU_BUILD_FAILED', `Build \`${build}\`: expected exit code 0, got ${got}`, {
    hint: 'run it by hand; the next plateau nightly begins with it again',
  });
}
