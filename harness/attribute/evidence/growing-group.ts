import type { RawFrame, ResourceGroup } from '../../model/attribution-protocol.js';
import type { Point, Slope } from './slope.js';

/** Live things of one kind, made at one place, over the rounds. */
export interface GrowingGroup {
  readonly kind: ResourceGroup['kind'];
  readonly type: string;
  readonly key: string | undefined;
  readonly examples: readonly string[];
  readonly frames: readonly RawFrame[];
  readonly points: readonly Point[];
  readonly slope: Slope;
}
