import { createHash } from 'node:crypto';
import { PlateauError } from '../../model/errors.js';
import type { NightEntryPlan, NightPlan } from '../../model/night.js';
import type { Environment, RunRecord } from '../../model/run-record.js';
import { msPerMinute } from '../../model/units.js';

/** A part of the entries: `2/4` is the second of four. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface PlannedEntry {
  readonly name: string;
  readonly scenario: string;
  readonly variant?: string;
  readonly defects: readonly string[];
  readonly minimumMs: number;
}

/** Every `count`-th entry, so that neighbours, which are often alike in cost, go to different shards. */
export function shardOf<Entry>(entries: readonly Entry[], { index, count }: Shard): Entry[] {
  return entries.filter((_, position) => position % count === index - 1);
}

export interface PlanRequest {
  readonly id: string;
  readonly startedAt: string;
  readonly command: string;
  readonly environment: Environment;
  readonly configuration: unknown;
  readonly budgetMs: number;
  readonly targetsAtOnce: number;
  readonly shard?: Shard;
  readonly only?: readonly string[];
  readonly canaries: number;
  readonly entries: readonly PlannedEntry[];
}

/**
 * When each entry starts if all take their minimum.
 * @throws {PlateauError} `PLATEAU_INVALID_CONFIGURATION` when the minimums do not fit into the night
 */
export function planNight(request: PlanRequest): NightPlan {
  const { configuration, shard, only, entries, budgetMs, targetsAtOnce, ...rest } = request;
  const freeAtMs = new Array<number>(targetsAtOnce).fill(0);
  const planned: NightEntryPlan[] = entries.map((entry) => {
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startsAfterMs = freeAtMs[slot]!;
    freeAtMs[slot] = startsAfterMs + entry.minimumMs;
    return { ...entry, startsAfterMs };
  });
  const minMs = Math.max(0, ...freeAtMs);
  if (minMs > budgetMs) throw tooShort(minMs, budgetMs, entries.length);
  return {
    schemaVersion: 1,
    ...rest,
    budgetMs,
    targetsAtOnce,
    fingerprint: fingerprintOf({ configuration, shard, only, entries, budgetMs }),
    ...(shard !== undefined && { shard: `${shard.index}/${shard.count}` }),
    ...(only !== undefined && { only }),
    entries: planned,
    minMs,
  };
}

function tooShort(minMs: number, budgetMs: number, count: number): PlateauError {
  const time = (ms: number) =>
    ms < msPerMinute ? `${Math.ceil(ms / 1_000)}s` : `${Math.ceil((10 * ms) / msPerMinute) / 10}m`;
  const [need, shard] =
    count === 1 ? ['what 1 scenario gets', ''] : [`the sum of what ${count} scenarios get`, ', or --shard 1/2'];
  return new PlateauError(
    'PLATEAU_INVALID_CONFIGURATION',
    `\`nightly.time\` must be at least ${time(minMs)}, ${need} at least, got ${time(budgetMs)}.`,
    { hint: `nightly.time: '${Math.ceil((minMs * 1.5) / msPerMinute)}m', a smaller nightly.minimum${shard}` },
  );
}

function fingerprintOf(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => (typeof inner === 'function' ? String(inner) : inner));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** How far an entry has come. */
export interface EntryState {
  readonly name: string;
  readonly minimumMs: number;
  /** Attempts that count, oldest first: records, or a failure that more time does not cure. */
  readonly attempts: readonly (RunRecord | 'failed')[];
  readonly durationsMs: readonly number[];
}

export interface Allotment {
  readonly name: string;
  readonly durationMs: number;
}

/** An attempt that is not at least this much longer than the one before would say nothing new. */
const stretchMin = 1.5;
const usualStretch = 2;
/** Estimates of how many cycles decide are rough. */
const reserve = 1.3;
/** A minimum that is cut shorter than this part says too little to be worth a start. */
const partMin = 0.5;

/**
 * What is run next: everything gets its minimum first; what time is left goes to entries that are undecided, those that
 * need least first, so that as many as possible are decided by morning.
 * @param running entries under way now
 * @returns `undefined` when nothing more fits, or nothing is undecided
 */
export function nextAllotment(
  states: readonly EntryState[],
  running: ReadonlySet<string>,
  remainingMs: number,
): Allotment | undefined {
  const idle = states.filter(({ name }) => !running.has(name));
  const fresh = idle.find(({ attempts }) => attempts.length === 0);
  if (fresh !== undefined) {
    if (remainingMs < fresh.minimumMs * partMin) return undefined;
    return { name: fresh.name, durationMs: Math.round(Math.min(fresh.minimumMs, remainingMs)) };
  }
  const wanting = idle
    .flatMap((state) => {
      const lastMs = state.durationsMs.at(-1) ?? state.minimumMs;
      const wantedMs = wantedDurationMs(state.attempts.at(-1), lastMs);
      return wantedMs === undefined ? [] : [{ name: state.name, lastMs, wantedMs }];
    })
    .sort((one, other) => one.wantedMs - other.wantedMs);
  const [first] = wanting;
  if (first === undefined || remainingMs < first.lastMs * stretchMin) return undefined;
  return { name: first.name, durationMs: Math.round(Math.min(first.wantedMs, remainingMs)) };
}

/** How long a further attempt should last; `undefined` when the entry is decided. */
function wantedDurationMs(last: RunRecord | 'failed' | undefined, lastMs: number): number | undefined {
  if (last === undefined || last === 'failed' || last.verdict !== 'inconclusive') return undefined;
  if (!endedForWantOfTime(last, lastMs)) return undefined;
  const wanted = last.findings.map(
    ({ verdict, cyclesToDecide }) => (verdict === 'inconclusive' && cyclesToDecide) || 0,
  );
  const share = Math.max(0, ...wanted) / Math.max(1, last.counts.cycles);
  return Math.max(lastMs * usualStretch, lastMs * share * reserve);
}

/** Of a run that is undecided; one that was decided by its rounds wants time where its rest had too little. */
function endedForWantOfTime({ end, startedAt, endedAt }: RunRecord, allottedMs: number): boolean {
  if (end !== 'decided') return end === 'duration';
  return Date.parse(endedAt) - Date.parse(startedAt) >= allottedMs * partMin;
}
