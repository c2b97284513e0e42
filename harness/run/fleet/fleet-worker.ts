import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlateauError, withMessage } from '../../model/errors.js';
import type { EntryRequest } from '../../model/night-process.js';
import { createRedactor } from '../../model/redact.js';
import type { RunListener } from '../../model/run-options.js';
import { systemClock } from '../../platform/clock.js';
import { untilAborted } from '../../platform/until-aborted.js';
import type { QueueConnection } from '../../queue/connect-queue.js';
import { sendDirectory } from '../../queue/parcel.js';
import {
  type EntryJob,
  type EntryResult,
  entryJobSchema,
  parcelOf,
  type SentFile,
  senderSchema,
} from '../../queue/queue-messages.js';
import type { Job, JobReturn } from '../../queue/queue-worker.js';
import { runsDirectory } from '../../store/run-layout.js';
import { ownVersion } from '../environment.js';
import { type EntryOutcome, runInProcess } from '../nightly/entry-process.js';
import type { CommitDirectories } from './commit-directories.js';

/** Their coordinator may have to ask for them again. */
const runsKept = 20;
const progressMs = 1_000;
/** Who is idle takes an entry within some milliseconds; one that does not must not hold it up. */
const postponedMs = 200;
const preferredMsMax = 5_000;
/** A queue that answers is left within some milliseconds; one that is away is not waited for. */
const leaveMsMax = 5_000;
/** Rarely enough to cost nothing, often enough for a worker that is started meanwhile. */
const otherVersionMs = 2_000;
/** The same, where each attempt asks all remotes for the commit. */
const withoutCommitMs = 10_000;
const versionShown = 40;

export interface FleetWorkerSettings {
  readonly connection: QueueConnection;
  readonly name: string;
  readonly outDirectory: string;
  /** The module that runs an entry in a process of its own. */
  readonly entryModule: string;
  readonly silenceMs: number;
  readonly directories: CommitDirectories;
  /** Flown before the first entry of each night. @returns why this machine is not to be trusted */
  readonly flyCanaries: (night: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly listener: FleetWorkerListener;
}

export interface FleetWorkerListener extends RunListener {
  onTake?(entry: string, night: string): void;
  onDone?(entry: string, outcome: string): void;
}

/**
 * Takes entries from the queue, one at a time, until the signal is aborted.
 * @throws {PlateauError} `PLATEAU_CANARIES` when this machine does not find a planted leak: its entries go to others
 */
export async function runFleetWorker(settings: FleetWorkerSettings): Promise<void> {
  const { connection, name, silenceMs, signal } = settings;
  const nights = new Set<string>();
  const warnOnce = onceEach((message) => settings.listener.onWarning?.(message));
  /** Why this worker takes no further entries. */
  let unfit: PlateauError | undefined;
  let underWay: Promise<unknown> = Promise.resolve();
  const stop = new AbortController();
  const leave = (back: JobReturn) => {
    stop.abort();
    return back.giveBack();
  };
  const worker = connection.createWorker(
    async (job, back, taken) => {
      const theirs = otherVersion(job);
      if (theirs !== undefined) {
        warnOnce(leftToOthers(theirs));
        return back.postpone(otherVersionMs);
      }
      const entry = entryJobSchema.safeParse(job.data);
      if (!entry.success)
        return failed(name, `expected an entry of a night, got another message: ${entry.error.issues[0]?.message}`, 3);
      const { preferred } = entry.data;
      if (preferred !== undefined && (await isBetterElsewhere(job, preferred, settings)))
        return back.postpone(postponedMs);
      await job.updateProgress({ worker: name });
      const configuration = settings.directories.configurationAt(entry.data.commit, entry.data.configuration, signal);
      underWay = configuration.catch(() => undefined);
      const missing = await configuration.then(() => undefined, missingCommit);
      if (missing !== undefined && (await connection.othersMayHave(entry.data.commit!, name))) {
        warnOnce(`${missing.message} Its entries are left to other workers. Try: ${missing.hint}.`);
        return back.postpone(withoutCommitMs);
      }
      if (!nights.has(entry.data.night)) unfit = distrusted(await settings.flyCanaries(entry.data.night), name);
      nights.add(entry.data.night);
      if (unfit !== undefined || signal.aborted) return leave(back);
      settings.listener.onTake?.(entry.data.entry, entry.data.night);
      const running = runEntry(job, entry.data, configuration, {
        ...settings,
        signal: AbortSignal.any([signal, taken]),
      });
      underWay = running;
      const outcome = await running;
      if (signal.aborted) return back.giveBack();
      settings.listener.onDone?.(entry.data.entry, taken.aborted ? 'given to another worker' : outcomeWords(outcome));
      return outcome;
    },
    { name, silenceMs, onProblem: (message) => settings.listener.onWarning?.(message) },
  );
  const ended = AbortSignal.any([signal, stop.signal]);
  ended.addEventListener('abort', () => void worker.close(), { once: true });
  const working = ended.aborted ? Promise.resolve() : worker.run();
  const leaving = working.then(() => worker.close());
  await Promise.race([leaving, once(ended, 'abort')]);
  await underWay;
  await Promise.race([leaving, systemClock.wait(leaveMsMax)]);
  if (unfit !== undefined) throw unfit;
}

function outcomeWords(outcome: EntryResult): string {
  return outcome.state === 'failed' ? `failed: ${outcome.message}` : outcome.state;
}

/** @param problem of the canaries */
function distrusted(problem: string | undefined, worker: string): PlateauError | undefined {
  if (problem === undefined) return undefined;
  return new PlateauError('PLATEAU_CANARIES', `Worker ${worker}: ${problem}.`, {
    hint: 'see plateau doctor on this machine; its entries are run by other workers',
  });
}

/** The version of a message that another version has written: it may mean something else, and figures do not compare. */
function otherVersion({ data }: Job): string | undefined {
  const sender = senderSchema.safeParse(data);
  if (!sender.success || sender.data.plateau === ownVersion()) return undefined;
  return sender.data.plateau.slice(0, versionShown);
}

function leftToOthers(version: string): string {
  return `Expected entries of plateau ${ownVersion()}, got one of ${version}: it is left to other workers. Try: install that version here.`;
}

function onceEach(warn: (message: string) => void): (message: string) => void {
  const given = new Set<string>();
  return (message) => {
    if (!given.has(message)) warn(message);
    given.add(message);
  };
}

/** Why the commit of an entry is not to be had here: it would fail at once, and so would all that this worker takes. */
function missingCommit(error: unknown): PlateauError | undefined {
  return error instanceof PlateauError && error.code === 'PLATEAU_INVALID_REVISION' ? error : undefined;
}

/** Whether the worker that ran the entry last is about to take it. */
async function isBetterElsewhere(job: Job, preferred: string, settings: FleetWorkerSettings): Promise<boolean> {
  const { name, connection } = settings;
  const isOld = systemClock.epochMs() - job.timestamp > preferredMsMax;
  return preferred !== name && !isOld && (await connection.isIdle(preferred));
}

async function runEntry(
  job: Job,
  entry: EntryJob,
  configuration: Promise<string>,
  settings: FleetWorkerSettings,
): Promise<EntryResult> {
  const { name, signal, outDirectory } = settings;
  const redact = createRedactor(process.env);
  try {
    const outcome = await soak(job, entry, await configuration, settings);
    if (outcome.state === 'failed') return failed(name, redact(outcome.message), outcome.exitCode);
    const { run } = outcome;
    const sending = send(job, run, settings).catch((error: unknown) => {
      const kept = join(runsDirectory(outDirectory), run);
      throw withMessage(error, (message) => `${message}; the run is kept in ${kept}`);
    });
    const files = await untilAborted(sending, signal);
    forgetOldRuns(outDirectory);
    return { state: 'finished', run, worker: name, files };
  } catch (error) {
    const { message, exitCode = 4 } = error as Error & { exitCode?: number };
    return failed(name, redact(message), exitCode);
  }
}

/** Sends the directory of a run. @returns what was sent */
async function send(job: Job, run: string, settings: FleetWorkerSettings): Promise<SentFile[]> {
  const { name, outDirectory, signal } = settings;
  const { redis } = settings.connection;
  const parcel = parcelOf(job.id!, run);
  await redis.del(parcel);
  await job.updateProgress({ worker: name, parcel });
  return sendDirectory(join(runsDirectory(outDirectory), run), parcel, redis, { clock: systemClock, signal });
}

function soak(job: Job, entry: EntryJob, configuration: string, settings: FleetWorkerSettings): Promise<EntryOutcome> {
  const { name, signal, entryModule, outDirectory, listener } = settings;
  const request: EntryRequest = {
    kind: 'run',
    source: { configuration, entry: entry.entry },
    verbose: entry.verbose,
    options: {
      durationMs: entry.durationMs,
      outDirectory: resolve(outDirectory),
      command: entry.command,
      purpose: 'night',
      night: entry.night,
      ...(entry.tags !== undefined && { tags: entry.tags }),
    },
  };
  let shownMs = Number.NEGATIVE_INFINITY;
  const sending: RunListener = {
    ...listener,
    onProgress(progress) {
      listener.onProgress?.(progress);
      if (systemClock.monotonicMs() - shownMs < progressMs) return;
      shownMs = systemClock.monotonicMs();
      job.updateProgress({ worker: name, progress: { ...progress } }).catch(() => undefined);
    },
  };
  return runInProcess(request, { worker: entryModule, nightId: entry.night, signal, listener: sending });
}

function failed(worker: string, message: string, exitCode: number): EntryResult {
  return { state: 'failed', worker, message: message.slice(0, 10_000), exitCode };
}

function forgetOldRuns(outDirectory: string): void {
  const runs = runsDirectory(outDirectory);
  for (const id of readdirSync(runs).sort().slice(0, -runsKept))
    rmSync(join(runs, id), { recursive: true, force: true });
}
