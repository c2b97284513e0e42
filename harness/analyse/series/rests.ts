import type { SampleTable } from '../../model/sample.js';

/** One metric over a stretch of rest: time went by, and connections of the load were used no more than keeps them open. */
export interface Rest {
  /** Until its end: connections of the load are used at rest too, so that they stay open. */
  readonly cycles: number;
  /** Since the rest before it ended, by the target's clock; of the first one, since the run began. */
  readonly drivenMs: number;
  /** Until the last reading, since driving ended, by the target's clock: it may have been moved on. */
  readonly durationMs: number;
  /** Its readings, the first taken as soon as the target had settled. */
  readonly values: readonly number[];
  /** When they were taken, since driving ended, by the target's clock. */
  readonly atMs: readonly number[];
  /** Cycles until each of them, since the run began. */
  readonly cyclesAt: readonly number[];
  /** How many of them were taken before its clock jumped further than between rounds of driven days. */
  readonly beforeJump: number;
  /** Objects were counted in rounds since the rest before it, which moves a heap. */
  readonly followsCensus: boolean;
}

/**
 * A rest that lasts: a window over the last minute is full after one, and a shorter rest may show only the end of what the last
 * cycles began.
 */
export const longRestMs = 30_000;

/** The rests among the first `rowCount` rows in which a metric was read, since it was measured last. */
export function restsOf(table: SampleTable, values: Float64Array, rowCount: number): readonly Rest[] {
  const moved = table.metrics.get('clockMovedMs');
  let rests: { -readonly [Field in keyof Rest]: Rest[Field] extends readonly number[] ? number[] : Rest[Field] }[] = [];
  let restedUntilMs = 0;
  let drivenUntilMs = 0;
  let movedMs = 0;
  let movedBeforeMs = 0;
  let betweenRoundsMs = 0;
  let hasJumped = false;
  let hasDriven = true;
  let followsCensus = false;
  let cyclesBefore = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (table.kinds[row] !== 'floor') continue;
    const byMs = Number.isFinite(moved?.[row]) ? moved![row]! - movedMs : 0;
    movedMs += byMs;
    const cycles = table.cycles[row]!;
    const drivenCycles = cycles - cyclesBefore;
    cyclesBefore = cycles;
    if (table.phases[row] !== 'rest') {
      drivenUntilMs = table.elapsedMs[row]!;
      movedBeforeMs = movedMs;
      if (table.phases[row] !== 'reload') betweenRoundsMs = Math.max(betweenRoundsMs, byMs);
      hasJumped = false;
      if (table.phases[row] === 'measure') {
        rests = [];
        followsCensus = false;
      }
      hasDriven ||= drivenCycles > 0 || rests.length === 0;
      followsCensus ||= table.phases[row] === 'census';
      continue;
    }
    hasJumped ||= byMs > betweenRoundsMs;
    if (!Number.isFinite(values[row])) continue;
    const sinceMs = table.elapsedMs[row]! + movedMs - drivenUntilMs - movedBeforeMs;
    const drivenMs = drivenUntilMs + movedBeforeMs - restedUntilMs;
    const none = { durationMs: 0, values: [], atMs: [], cyclesAt: [], beforeJump: 0 };
    if (hasDriven) rests.push({ cycles, drivenMs, followsCensus, ...none });
    hasDriven = false;
    followsCensus = false;
    restedUntilMs = table.elapsedMs[row]! + movedMs;
    const rest = rests.at(-1)!;
    rest.cycles = cycles;
    rest.values.push(values[row]!);
    rest.atMs.push(sinceMs);
    rest.cyclesAt.push(cycles);
    rest.durationMs = sinceMs;
    if (!hasJumped) rest.beforeJump += 1;
  }
  return rests;
}

/** How long the target rested at a stretch, as its own clock went. */
export function longestRestMs(table: SampleTable, rowCount: number): number {
  const rests = restsOf(table, Float64Array.from(table.elapsedMs), rowCount);
  return Math.max(0, ...rests.map(({ durationMs }) => durationMs));
}
