import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EntryRequest } from '../../model/night-process.js';
import { systemClock } from '../../platform/clock.js';
import type { QueueConnection } from '../../queue/connect-queue.js';
import { difference, receiveChunks } from '../../queue/parcel.js';
import {
  commandMax,
  type EntryJob,
  entryJobSchema,
  entryProgressSchema,
  entryResultSchema,
  parcelOf,
  type SentFile,
} from '../../queue/queue-messages.js';
import { type Job, keptSeconds } from '../../queue/queue-worker.js';
import { loadRun, readRunRecord } from '../../store/load-run.js';
import { runsDirectory } from '../../store/run-layout.js';
import { ownVersion } from '../environment.js';
import type { EntryAttempt, EntryPlace, EntrySettings, Untaken } from '../nightly/entry-place.js';
import type { EntryOutcome } from '../nightly/entry-process.js';
import { addToHistory } from '../nightly/keep-history.js';

const pollMs = 500;
const workersMs = 2_000;
/** A Redis that was started anew without what it had has forgotten the job: it is put there again. */
const putsMax = 3;

export interface FleetSettings {
  readonly connection: QueueConnection;
  readonly night: string;
  /** Of the night: what is on its way lies there. */
  readonly nightDirectory: string;
  readonly outDirectory: string;
  /** Of the configuration, from the directory that plateau was called in. */
  readonly configuration: string;
  readonly commit?: string;
}

/** Runs entries wherever a worker takes them from the queue; their run directories come back here. */
export class FleetEntries implements EntryPlace {
  private workers = 1;
  private readonly counting: NodeJS.Timeout;

  private constructor(private readonly settings: FleetSettings) {
    this.counting = setInterval(() => void this.countWorkers().catch(() => undefined), workersMs).unref();
  }

  static async open(settings: FleetSettings): Promise<FleetEntries> {
    const fleet = new FleetEntries(settings);
    await settings.connection.answered(fleet.countWorkers());
    return fleet;
  }

  /** As many as there are workers, so that what is undecided can be extended by what is known by then. */
  atOnce(): number {
    return Math.max(1, this.workers);
  }

  /** @throws {PlateauError} `PLATEAU_QUEUE` when the queue is lost; what is under way goes on, and can be asked for again */
  run(request: EntryRequest, attempt: EntryAttempt, settings: EntrySettings): Promise<EntryOutcome | Untaken> {
    return this.settings.connection.answered(this.runOnQueue(request, attempt, settings));
  }

  private async runOnQueue(
    request: EntryRequest,
    attempt: EntryAttempt,
    settings: EntrySettings,
  ): Promise<EntryOutcome | Untaken> {
    const { configuration, commit, night, connection } = this.settings;
    const preferred = await connection.lastWorker(configuration, attempt.entry);
    const data: EntryJob = entryJobSchema.parse({
      schemaVersion: 1,
      plateau: ownVersion(),
      night,
      entry: attempt.entry,
      attempt: attempt.attempt,
      durationMs: request.options.durationMs,
      configuration,
      ...(commit !== undefined && { commit }),
      command: (request.options.command ?? '').slice(0, commandMax),
      ...(request.options.tags !== undefined && { tags: { ...request.options.tags } }),
      ...(preferred !== undefined && { preferred }),
      verbose: request.verbose,
    });
    return this.await(this.jobId(attempt), () => this.put(attempt, data), settings);
  }

  /** The same job for whoever asks for the same attempt again: a coordinator that died and goes on. */
  private async put(attempt: EntryAttempt, data: EntryJob): Promise<void> {
    const kept = { age: keptSeconds };
    const options = { jobId: this.jobId(attempt), attempts: 1, removeOnComplete: kept, removeOnFail: kept };
    await this.settings.connection.queue.add(attempt.entry, data, options);
  }

  /** An attempt that an earlier half of the night put on the queue. */
  async isKnown(attempt: EntryAttempt): Promise<boolean> {
    const { queue, answered } = this.settings.connection;
    return (await answered(queue.getJob(this.jobId(attempt)))) !== undefined;
  }

  close(): void {
    clearInterval(this.counting);
  }

  private jobId({ entry, attempt }: EntryAttempt): string {
    return `${this.settings.night}~${encodeURIComponent(entry).replaceAll(':', '%3A')}~${attempt}`;
  }

  private async countWorkers(): Promise<void> {
    this.workers = await this.settings.connection.queue.getWorkersCount();
  }

  private async await(
    jobId: string,
    put: () => Promise<void>,
    { signal, listener, remainingMs }: EntrySettings,
  ): Promise<EntryOutcome | Untaken> {
    const { queue } = this.settings.connection;
    for (let puts = 0; !signal.aborted; ) {
      const job = await queue.getJob(jobId);
      if (job === undefined) {
        if (puts === putsMax) return failed('its job is gone from the queue again and again');
        puts += 1;
        await put();
        continue;
      }
      // All that follows comes of one read: a job that ends meanwhile has its answer in the next.
      if (job.finishedOn !== undefined) return this.finish(job);
      const { data: about } = entryProgressSchema.safeParse(job.progress);
      if (about?.progress) listener.onProgress?.(about.progress);
      const problem = about?.parcel === undefined ? undefined : await this.receive(jobId, about.parcel);
      if (problem !== undefined) return failed(problem);
      if (remainingMs() < 0 && (await this.takeBack(jobId))) return { state: 'untaken' };
      await systemClock.wait(pollMs, signal);
    }
    await this.takeBack(jobId);
    return failed('it was interrupted');
  }

  /** @returns whether nobody was at it; what a worker has begun cannot be taken back */
  private async takeBack(jobId: string): Promise<boolean> {
    const { queue, redis } = this.settings.connection;
    // The lock first: one that ends between the two reads is seen to have ended.
    if ((await redis.exists(`${queue.toKey(jobId)}:lock`)) > 0) return false;
    const job = await queue.getJob(jobId);
    if (job === undefined || job.finishedOn !== undefined) return false;
    return job.remove().then(
      () => true,
      () => false,
    );
  }

  /** Each parcel has a place of its own: a worker that was taken for dead may send beside the one whose run counts. */
  private arriving(jobId: string, parcel: string): string {
    return join(this.settings.nightDirectory, 'arriving', digest(jobId), digest(parcel));
  }

  private async receive(jobId: string, parcel: string): Promise<string | undefined> {
    try {
      const directory = this.arriving(jobId, parcel);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      await receiveChunks(directory, parcel, this.settings.connection.redis);
      return undefined;
    } catch (error) {
      return `its run directory could not be received: ${(error as Error).message}`;
    }
  }

  private async finish(job: Job): Promise<EntryOutcome> {
    if (job.failedReason) return failed(job.failedReason);
    const result = entryResultSchema.safeParse(job.returnvalue);
    if (!result.success) return failed('what its worker answered is no result');
    if (result.data.state === 'failed') {
      const { message, exitCode, worker } = result.data;
      return { state: 'failed', message: `${message} (worker ${worker})`, exitCode };
    }
    const { run, files, worker } = result.data;
    const { outDirectory, configuration, connection } = this.settings;
    await connection.noteWorker(configuration, job.name, worker);
    const directory = join(runsDirectory(outDirectory), run);
    if (!existsSync(directory)) {
      const problem = await this.takeParcel(job.id!, run, files, directory);
      if (problem !== undefined) return failed(problem);
      const record = await readRunRecord(directory);
      if (record !== undefined) await addToHistory(outDirectory, await loadRun(directory), record);
    }
    return { state: 'finished', run };
  }

  /** Puts what was sent of a run into its place. @returns why it could not be */
  private async takeParcel(
    jobId: string,
    run: string,
    files: readonly SentFile[],
    directory: string,
  ): Promise<string | undefined> {
    const parcel = parcelOf(jobId, run);
    const arriving = this.arriving(jobId, parcel);
    const problem = await this.receive(jobId, parcel);
    if (problem !== undefined) return problem;
    const missing = await difference(arriving, files);
    if (missing !== undefined) return `its run directory did not arrive whole: ${missing}`;
    mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
    renameSync(arriving, directory);
    rmSync(dirname(arriving), { recursive: true, force: true });
    return undefined;
  }
}

/** A name of a directory for what may be long, or hold anything. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function failed(message: string): EntryOutcome {
  return { state: 'failed', message, exitCode: 4 };
}
