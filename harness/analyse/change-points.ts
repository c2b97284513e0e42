import type { ChangePoint, TrendPoint } from '../model/history.js';

export interface ChangePointOptions {
  /** Chance of a change found in a series of a hundred nights that has none. @defaultValue 0.01 */
  readonly falseAlarm?: number;
  /** Smaller changes are of no interest. @defaultValue 0 */
  readonly leastHeight?: number;
}

/** Changes of level in a series of nights, oldest first; one bad night is none. */
export function changePoints(_points: readonly TrendPoint[], _options: ChangePointOptions = {}): ChangePoint[] {
  return [];
}
