import { join } from 'node:path';
import type { NightEvent } from '../../model/night.js';
import type { RunRecord } from '../../model/run-record.js';
import { readManifest, readRunRecord } from '../../store/load-run.js';
import { listRuns } from '../../store/resolve-run.js';
import { runsDirectory } from '../../store/run-layout.js';
import type { OpenNight } from './open-night.js';
import type { EntryState } from './plan-night.js';

/** An attempt that counts. */
export interface CountedAttempt {
  readonly entry: string;
  readonly attempt: number;
  readonly durationMs: number;
  readonly outcome: RunRecord | { readonly exitCode: number; readonly message: string };
}

export function isRecord(outcome: CountedAttempt['outcome']): outcome is RunRecord {
  return 'verdict' in outcome;
}

/** What a night has come to so far; put together from its journal and its runs, and kept up as it goes on. */
export class NightState {
  readonly attempts: CountedAttempt[] = [];
  private readonly started = new Map<string, number>();
  private readonly abandonments = new Map<string, number>();

  constructor(private readonly night: OpenNight) {}

  /** Records that the journal names are read from disk. */
  static async read(night: OpenNight, outDirectory: string): Promise<NightState> {
    const state = new NightState(night);
    const durations = new Map<string, number>();
    for (const event of night.events) {
      if (event.event === 'started') {
        durations.set(`${event.entry}/${event.attempt}`, event.durationMs);
        state.started.set(event.entry, event.attempt);
      } else if (event.event === 'finished' || event.event === 'failed') {
        const { entry, attempt } = event;
        const durationMs = durations.get(`${entry}/${attempt}`) ?? 0;
        state.attempts.push({ entry, attempt, durationMs, outcome: await outcomeOf(event, outDirectory) });
      } else if (event.event === 'abandoned') state.abandon(event.entry);
    }
    return state;
  }

  start(entry: string, durationMs: number): number {
    const attempt = (this.started.get(entry) ?? 0) + 1;
    this.started.set(entry, attempt);
    this.night.record({ event: 'started', entry, attempt, durationMs });
    return attempt;
  }

  finish(attempt: Omit<CountedAttempt, 'outcome'>, record: RunRecord, recovered = false): void {
    const { entry } = attempt;
    this.night.record({
      event: 'finished',
      entry,
      attempt: attempt.attempt,
      run: record.id,
      ...(recovered && { recovered }),
    });
    this.attempts.push({ ...attempt, outcome: record });
  }

  fail(attempt: Omit<CountedAttempt, 'outcome'>, exitCode: number, message: string): void {
    this.night.record({ event: 'failed', entry: attempt.entry, attempt: attempt.attempt, exitCode, message });
    this.attempts.push({ ...attempt, outcome: { exitCode, message } });
  }

  giveUp(entry: string, attempt: number, run: string | undefined): void {
    this.night.record({ event: 'abandoned', entry, attempt, ...(run !== undefined && { run }) });
    this.abandon(entry);
  }

  private abandon(entry: string): void {
    this.abandonments.set(entry, (this.abandonments.get(entry) ?? 0) + 1);
  }

  of(entry: string): CountedAttempt[] {
    return this.attempts.filter((attempt) => attempt.entry === entry);
  }

  /** In the order of the plan; what the night has died of again and again comes last, so that it holds nothing up. */
  entryStates(): EntryState[] {
    const deaths = (name: string) => Math.max(0, (this.abandonments.get(name) ?? 0) - 1);
    return [...this.night.plan.entries]
      .sort((one, other) => deaths(one.name) - deaths(other.name))
      .map(({ name, minimumMs }) => {
        const own = this.of(name);
        return {
          name,
          minimumMs,
          attempts: own.map(({ outcome }) => (isRecord(outcome) ? outcome : 'failed')),
          durationsMs: own.map(({ durationMs }) => durationMs),
        };
      });
  }
}

async function outcomeOf(
  event: NightEvent & { event: 'finished' | 'failed' },
  outDirectory: string,
): Promise<CountedAttempt['outcome']> {
  if (event.event === 'failed') return { exitCode: event.exitCode, message: event.message };
  const record = await readRunRecord(join(runsDirectory(outDirectory), event.run));
  return record ?? { exitCode: 4, message: `its run ${event.run} is gone` };
}

/** What was begun and is not over. */
export function openAttempts({ events }: Pick<OpenNight, 'events'>): (NightEvent & { event: 'started' })[] {
  const open = new Map<string, NightEvent & { event: 'started' }>();
  for (const event of events) {
    if (event.event === 'started') open.set(event.entry, event);
    else if (event.event === 'finished' || event.event === 'failed' || event.event === 'abandoned')
      open.delete(event.entry);
  }
  return [...open.values()];
}

/**
 * Settles what was under way when the night died: a run that came to its end counts, and only once; any other is
 * abandoned, and its entry is run again.
 */
export async function recoverAttempts(night: OpenNight, state: NightState, outDirectory: string): Promise<void> {
  const open = openAttempts(night);
  if (open.length === 0) return;
  const accounted = new Set(night.events.flatMap((event) => ('run' in event && event.run ? [event.run] : [])));
  const runs = (await runsOfNight(night.plan.id, outDirectory)).filter(({ id }) => !accounted.has(id));
  for (const { entry, attempt, durationMs, at } of open) {
    const plan = night.plan.entries.find(({ name }) => name === entry);
    const own = runs.find(
      ({ scenario, variant, defects, startedAt }) =>
        startedAt >= at &&
        scenario === plan?.scenario &&
        variant === plan.variant &&
        defects.join() === plan.defects.join(),
    );
    const record = own === undefined ? undefined : await readRunRecord(join(runsDirectory(outDirectory), own.id));
    if (record !== undefined && record.verdict !== 'interrupted')
      state.finish({ entry, attempt, durationMs }, record, true);
    else state.giveUp(entry, attempt, own?.id);
  }
}

/** Manifests of all runs of a night, of those too that do not count. */
export async function runsOfNight(night: string, outDirectory: string) {
  // Ids begin with the time: what is older than the night cannot be of it.
  const since = night.slice(0, 'YYYYMMDD-HHMMSS'.length);
  const manifests = [];
  for (const id of listRuns(outDirectory)) {
    if (id < since) continue;
    const manifest = await readManifest(join(runsDirectory(outDirectory), id)).catch(() => undefined);
    if (manifest?.night === night) manifests.push(manifest);
  }
  return manifests;
}
