import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Canary, PlateauConfiguration } from '../../model/configuration.js';
import type { CanaryOutcome } from '../../model/night.js';
import type { EntryRequest } from '../../model/night-process.js';
import type { RunRecord } from '../../model/run-record.js';
import type { Expectation } from '../../model/scenario.js';
import { systemClock } from '../../platform/clock.js';
import { readRunRecord } from '../../store/load-run.js';
import { nightFiles } from '../../store/nights/night-store.js';
import { runsDirectory } from '../../store/run-layout.js';
import { meets } from '../verify.js';
import { runInProcess } from './entry-process.js';
import type { OpenNight } from './open-night.js';
import type { EntryRunner } from './run-entries.js';

/** Planted leaks are large and sound twins small: what is not decided by then has failed. */
const canaryMs = 30_000;

const builtIn: Canary = {
  leak: fileURLToPath(new URL('./canaries/kept-sessions.js', import.meta.url)),
  sound: fileURLToPath(new URL('./canaries/ended-sessions.js', import.meta.url)),
  metric: 'gauge.endedSessions',
};

/** The pairs that a configuration asks for, with absolute paths. */
export function canariesOf({ canaries }: PlateauConfiguration, directory: string): Canary[] {
  if (canaries === false) return [];
  return (canaries ?? [builtIn]).map((canary) => ({
    ...canary,
    leak: resolve(directory, canary.leak),
    sound: resolve(directory, canary.sound),
  }));
}

/**
 * Before anything else is run: a planted leak must be found and its sound twin must pass. What an earlier half of the
 * night has shown is not shown again.
 * @returns why the night is void; `undefined` when it is not
 */
export async function flyCanaries(
  night: OpenNight,
  canaries: readonly Canary[],
  runner: EntryRunner,
): Promise<string | undefined> {
  for (const [pair, canary] of canaries.entries()) {
    for (const kind of ['leak', 'sound'] as const) {
      if (runner.signal.aborted) return undefined;
      const earlier = outcomesOf(night).find((outcome) => outcome.pair === pair && outcome.kind === kind);
      const ground = { directory: join(night.directory, nightFiles.canaries), night: night.plan.id, runner };
      const outcome = earlier ?? (await fly({ pair, kind, canary }, ground));
      if (outcome === undefined) return undefined;
      if (earlier === undefined) night.record({ event: 'canary', outcome });
      if (!outcome.ok) return outcome.detail;
    }
  }
  return undefined;
}

export interface CanaryGround {
  /** An output directory of their own: canaries are no part of history. */
  readonly directory: string;
  /** Id of the night. */
  readonly night: string;
  readonly runner: Pick<EntryRunner, 'worker' | 'verbose' | 'command' | 'signal' | 'listener'>;
}

/** Why a machine that runs entries of a night is not to be trusted; `undefined` when it is. */
export async function canaryProblem(canaries: readonly Canary[], ground: CanaryGround): Promise<string | undefined> {
  for (const [pair, canary] of canaries.entries()) {
    for (const kind of ['leak', 'sound'] as const) {
      const outcome = await fly({ pair, kind, canary }, ground);
      if (outcome?.ok === false) return outcome.detail;
    }
  }
  return undefined;
}

export function outcomesOf({ events }: Pick<OpenNight, 'events'>): CanaryOutcome[] {
  return events.flatMap((event) => (event.event === 'canary' ? [event.outcome] : []));
}

interface Flight {
  readonly pair: number;
  readonly kind: CanaryOutcome['kind'];
  readonly canary: Canary;
}

/** `undefined` when it was interrupted. */
async function fly(
  { pair, kind, canary }: Flight,
  { directory: outDirectory, night, runner }: CanaryGround,
): Promise<CanaryOutcome | undefined> {
  const module = canary[kind];
  const name = basename(module).replace(/\.[cm]?[jt]s$/, '');
  const expect: Expectation =
    kind === 'sound'
      ? { verdict: 'plateau' }
      : { verdict: 'leak', ...(canary.metric !== undefined && { metric: canary.metric }) };
  runner.listener.onStart?.(`canary ${name}`, 1, canaryMs);
  const request: EntryRequest = {
    kind: 'run',
    source: { module, name },
    verbose: runner.verbose,
    options: {
      durationMs: canaryMs,
      outDirectory,
      attribution: 'off',
      command: runner.command,
      purpose: 'canary',
      night,
    },
  };
  const { worker, signal, listener } = runner;
  const startedMs = systemClock.monotonicMs();
  const outcome = await runInProcess(request, { worker, nightId: night, signal, listener });
  if (signal.aborted) return undefined;
  const record =
    outcome.state === 'finished' ? await readRunRecord(join(runsDirectory(outDirectory), outcome.run)) : undefined;
  const ok = record !== undefined && meets(record, expect);
  const got =
    record === undefined ? (outcome.state === 'failed' ? outcome.message : 'no record') : gotOf(record, expect);
  runner.listener.onFinish?.(`canary ${name}`, ok ? 'as expected' : 'not as expected', got);
  const wanted = kind === 'sound' ? 'to pass' : `to leak${canary.metric === undefined ? '' : ` ${canary.metric}`}`;
  const detail = `canary ${name}: expected ${wanted}, got ${got}`;
  return { kind, pair, ok, detail, durationMs: Math.round(systemClock.monotonicMs() - startedMs) };
}

function gotOf({ verdict, reason, findings }: RunRecord, { metric }: Expectation): string {
  if (verdict === 'plateau') return 'plateau';
  const finding = metric === undefined ? undefined : findings.find((candidate) => candidate.metric === metric);
  if (verdict === 'leak' && finding !== undefined && finding.verdict !== 'leak')
    return `leak of other metrics, ${finding.metric} ${finding.verdict}`;
  return `${verdict}: ${reason}`;
}
