import { compareRuns } from '../../analyse/comparison/compare.js';
import type { ComparisonOptions } from '../../model/comparison.js';
import type { MeasuringPass } from '../measuring/measuring-pass.js';

/** Once both runs are decided, their difference gets as long again, and no less than this. */
const graceMsMin = 8_000;
/** Looks follow each other as the cycles grow by this factor: each costs as much as judging both. */
const lookGrowth = 1.15;

/** Whether two runs that are under way have shown what they differ by. */
export class DifferenceWatch {
  private decidedMs: number | undefined;
  private cyclesSeen = 0;

  constructor(
    private readonly before: MeasuringPass,
    private readonly after: MeasuringPass,
    private readonly options: ComparisonOptions,
  ) {}

  /** Asked after each turn. */
  enough(): boolean {
    const { before, after } = this;
    if (!isOver(before) || !isOver(after)) return false;
    const nowMs = Math.max(before.elapsedMs, after.elapsedMs);
    this.decidedMs ??= nowMs;
    if (nowMs - this.decidedMs > Math.max(graceMsMin, this.decidedMs)) return true;
    const cycles = before.load.cycles + after.load.cycles;
    if (cycles < this.cyclesSeen * lookGrowth) return false;
    this.cyclesSeen = cycles;
    return compareRuns(before.soFar(), after.soFar(), this.options).exitCode !== 2;
  }
}

function isOver(pass: MeasuringPass): boolean {
  return pass.decided || pass.ended || pass.limit !== undefined;
}
