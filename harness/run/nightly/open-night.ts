import { PlateauError } from '../../model/errors.js';
import type { NightEvent, NightPlan } from '../../model/night.js';
import type { Clock } from '../../platform/clock.js';
import { livenessOf, ownIdentity } from '../../platform/process-identity.js';
import {
  claimNight,
  claimsOf,
  createNight,
  listNights,
  NightJournal,
  readNight,
  type StoredNight,
} from '../../store/nights/night-store.js';

/** A process that cannot be seen from here (another machine or container) is given up after this long without a sign. */
const silenceMs = 180_000;
const beatMs = 30_000;
/** A night that stopped longer ago than this is not gone on with: its first half would be of another day. */
const staleMs = 20 * 3_600_000;

type EventBody = NightEvent extends infer Each
  ? Each extends NightEvent
    ? Omit<Each, 'at' | 'elapsedMs'>
    : never
  : never;

/** A night that this process has to itself. */
export class OpenNight {
  private readonly journal: NightJournal;
  private readonly beat: NodeJS.Timeout;
  private readonly sinceMs: number;
  readonly events: NightEvent[];

  constructor(
    readonly directory: string,
    readonly plan: NightPlan,
    earlier: readonly NightEvent[],
    private readonly elapsedBeforeMs: number,
    private readonly clock: Clock,
  ) {
    this.events = [...earlier];
    this.journal = new NightJournal(directory);
    this.sinceMs = clock.monotonicMs();
    this.beat = setInterval(() => this.journal.beat(clock.epochMs()), beatMs).unref();
    this.record({ event: 'claimed', owner: ownIdentity() });
  }

  /** Time that the night was alive. */
  get elapsedMs(): number {
    return Math.round(this.elapsedBeforeMs + this.clock.monotonicMs() - this.sinceMs);
  }

  get remainingMs(): number {
    return this.plan.budgetMs - this.elapsedMs;
  }

  /** Times it was taken up again. */
  get resumed(): number {
    return this.events.filter(({ event }) => event === 'claimed').length - 1;
  }

  record(body: EventBody): void {
    const at = new Date(this.clock.epochMs()).toISOString();
    const event = { at, elapsedMs: this.elapsedMs, ...body } as NightEvent;
    this.journal.append(event);
    this.events.push(event);
  }

  close(): void {
    clearInterval(this.beat);
    this.journal.close();
  }
}

export interface OpenSettings {
  /** Begins anew even where an unfinished night could be gone on with. */
  readonly fresh: boolean;
  /** Goes on with a night or does nothing. */
  readonly resumeOnly?: boolean;
  readonly clock: Clock;
}

/**
 * Goes on with the last night where it stopped, when it was of the same plan; else begins a new one.
 * @returns `undefined` when there is none to go on with and none may be begun
 * @throws {PlateauError} `PLATEAU_STORE` when another process has a night under way in this output directory
 */
export function openNight(outDirectory: string, plan: NightPlan, settings: OpenSettings): OpenNight | undefined {
  const { fresh, resumeOnly = false, clock } = settings;
  for (const id of listNights(outDirectory).reverse()) {
    const stored = readableNight(outDirectory, id);
    if (stored === undefined || isOver(stored)) continue;
    const claims = claimsOf(stored.directory);
    if (isUnderWay(stored, clock)) throw underWay(stored);
    const stopped = clock.epochMs() - stored.seenEpochMs;
    if (fresh || stored.plan.fingerprint !== plan.fingerprint || stopped > staleMs) continue;
    if (!claimNight(stored.directory, ownIdentity(), claims)) throw underWay(stored);
    // Read again: whoever had it may have written to the end.
    const { directory, events } = readNight(outDirectory, id);
    return new OpenNight(directory, stored.plan, events, aliveMs(stored, events), clock);
  }
  if (resumeOnly) return undefined;
  const directory = createNight(outDirectory, plan);
  claimNight(directory, ownIdentity(), 0);
  return new OpenNight(directory, plan, [], 0, clock);
}

/** A night whose files are damaged cannot be gone on with, and must not keep others from running. */
function readableNight(outDirectory: string, id: string): StoredNight | undefined {
  try {
    return readNight(outDirectory, id);
  } catch {
    return undefined;
  }
}

function isOver({ events }: StoredNight): boolean {
  return events.some(({ event }) => event === 'ended');
}

function isUnderWay({ owner, seenEpochMs }: StoredNight, clock: Clock): boolean {
  if (owner === undefined) return false;
  const liveness = livenessOf(owner);
  if (liveness !== 'unknown') return liveness === 'alive';
  return clock.epochMs() - seenEpochMs < silenceMs;
}

/** Until its last sign of life, which may have come after its last event. */
function aliveMs({ seenEpochMs }: StoredNight, events: readonly NightEvent[]): number {
  const last = events.at(-1);
  if (last === undefined) return 0;
  return last.elapsedMs + Math.min(beatMs * 2, Math.max(0, seenEpochMs - Date.parse(last.at)));
}

function underWay({ plan, owner }: StoredNight): PlateauError {
  return new PlateauError(
    'PLATEAU_STORE',
    `Night ${plan.id}: expected no other night under way, got one of process ${owner?.pid ?? 'unknown'}.`,
    { hint: 'wait for it, end it, or pass --out with another directory' },
  );
}
