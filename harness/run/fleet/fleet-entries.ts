import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EntryRequest } from '../../model/night-process.js';
import { systemClock } from '../../platform/clock.js';
import { untilAborted } from '../../platform/until-aborted.js';
import type { Job, QueueConnection } from '../../queue/connect-queue.js';
import { difference, receiveChunks } from '../../queue/parcel.js';
import {
  commandMax,
  type EntryJob,
  entryJobSchema,
  entryProgressSchema,
  entryResultSchema,
} from '../../queue/queue-messages.js';
import { loadRun, readRunRecord } from '../../store/load-run.js';
import { runsDirectory } from '../../store/run-layout.js';
import type { EntryAttempt, EntryPlace, EntrySettings } from '../nightly/entry-place.js';
import type { EntryOutcome } from '../nightly/entry-process.js';
import { addToHistory } from '../nightly/keep-history.js';

const pollMs = 500;
const workersMs = 2_000;
/** A Redis that was started anew without what it had has forgotten the job: it is put there again. */
const putsMax = 3;
/** Whoever goes on with a night does so within 20 hours. */
const keptSeconds = 48 * 3_600;

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
    await fleet.countWorkers();
    return fleet;
  }

  /** As many as there are workers, so that what is undecided can be extended by what is known by then. */
  atOnce(): number {
    return Math.max(1, this.workers);
  }

  /** @throws {PlateauError} `PLATEAU_QUEUE` when the queue is lost; what is under way goes on, and can be asked for again */
  run(request: EntryRequest, attempt: EntryAttempt, settings: EntrySettings): Promise<EntryOutcome> {
    return untilAborted(this.runOnQueue(request, attempt, settings), this.settings.connection.lost);
  }

  private async runOnQueue(
    request: EntryRequest,
    attempt: EntryAttempt,
    settings: EntrySettings,
  ): Promise<EntryOutcome> {
    const { configuration, commit, night, connection } = this.settings;
    const preferred = await connection.lastWorker(configuration, attempt.entry);
    const data: EntryJob = entryJobSchema.parse({
      schemaVersion: 1,
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
    const { queue, lost } = this.settings.connection;
    return (await untilAborted(queue.getJob(this.jobId(attempt)), lost)) !== undefined;
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
    { signal, listener }: EntrySettings,
  ): Promise<EntryOutcome> {
    const { queue } = this.settings.connection;
    const arriving = join(this.settings.nightDirectory, 'arriving', encodeURIComponent(jobId));
    let parcel: string | undefined;
    for (let puts = 0; !signal.aborted; ) {
      const job = await queue.getJob(jobId);
      if (job === undefined) {
        if (puts === putsMax) return failed('its job is gone from the queue again and again');
        puts += 1;
        await put();
        continue;
      }
      const state = await job.getState();
      const progress = entryProgressSchema.safeParse(job.progress);
      if (progress.success && progress.data.progress) listener.onProgress?.(progress.data.progress);
      const next = progress.success ? progress.data.parcel : undefined;
      // Another worker has begun anew: what its predecessor had sent belongs to a run that does not count.
      if (next !== parcel) rmSync(arriving, { recursive: true, force: true });
      parcel = next;
      const problem = parcel === undefined ? undefined : await this.receive(arriving, parcel);
      if (problem !== undefined) return failed(problem);
      if (state === 'failed') return failed(job.failedReason ?? 'it failed');
      if (state === 'completed') return this.finish(job, arriving, parcel);
      await systemClock.wait(pollMs, signal);
    }
    // One that a worker has begun cannot be taken back: its result is not asked for any more.
    await (await queue.getJob(jobId))?.remove().catch(() => undefined);
    return failed('it was interrupted');
  }

  private async receive(arriving: string, parcel: string): Promise<string | undefined> {
    try {
      mkdirSync(arriving, { recursive: true, mode: 0o700 });
      await receiveChunks(arriving, parcel, this.settings.connection.redis);
      return undefined;
    } catch (error) {
      return `its run directory could not be received: ${(error as Error).message}`;
    }
  }

  private async finish(job: Job, arriving: string, parcel: string | undefined): Promise<EntryOutcome> {
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
      const problem = parcel === undefined ? 'it was not sent' : await difference(arriving, files);
      if (problem !== undefined) return failed(`its run directory did not arrive whole: ${problem}`);
      mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
      renameSync(arriving, directory);
      const record = await readRunRecord(directory);
      if (record !== undefined) await addToHistory(outDirectory, await loadRun(directory), record);
    }
    return { state: 'finished', run };
  }
}

function failed(message: string): EntryOutcome {
  return { state: 'failed', message, exitCode: 4 };
}
