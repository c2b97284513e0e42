import type { ResourceGroup, ResourceKind } from '../model/attribution-protocol.js' with {
  'resolution-mode': 'import',
};
import type { StackTable } from './attribution-stacks.cjs';

/** Something that holds others and is told of each one added: a Map, an Array, the listeners of one event. */
export interface GrowthWatch {
  /**
   * `holder` has just grown to `size` entries, called by the code above `above`.
   * @param part tells several lists of one holder apart: the event of an emitter
   */
  grown(growth: {
    readonly holder: object;
    readonly size: number;
    readonly part: PropertyKey;
    readonly above: (...parameters: never[]) => unknown;
  }): void;
  /** All that have grown since they were first read, each with the stack that adds to it most. */
  read(): ResourceGroup[];
  /** Live holders that have grown, by `key`. */
  growing(): Map<string, object>;
}

export interface GrowthKind {
  readonly kind: ResourceKind;
  describe(holder: object, part: PropertyKey): string;
  sizeOf(holder: object, part: PropertyKey): number;
  /** Sizes below are not looked at. */
  readonly fromSize: number;
}

interface Watched {
  readonly key: string;
  readonly holder: WeakRef<object>;
  readonly part: PropertyKey;
  /** How often each stack was seen to add, of late. */
  readonly stacks: Map<number, number>;
  forgetStacks: boolean;
  sizeRead: number;
  growing: boolean;
  /** Stacks that may still be captured before the next reading. */
  capturesLeft: number;
}

const capturesPerReading = 16;
/** Of holders that are watched; beyond, those that are gone are looked for. */
const sweepAt = 20_000;

/**
 * Watches holders by their size. A holder is first looked at when it reaches `fromSize`, then at every power of two,
 * and, once it has grown between two readings, at its next additions: most code never pays for a stack.
 */
export function createGrowthWatch(stacks: StackTable, { kind, describe, sizeOf, fromSize }: GrowthKind): GrowthWatch {
  const byHolder = new WeakMap<object, Map<PropertyKey, Watched>>();
  const all = new Set<Watched>();
  let sweepSize = sweepAt;
  let nextKey = 1;

  const watch = (holder: object, part: PropertyKey): Watched => {
    const watched: Watched = {
      key: `${kind}-${nextKey++}`,
      holder: new WeakRef(holder),
      part,
      stacks: new Map(),
      forgetStacks: false,
      sizeRead: 0,
      growing: false,
      capturesLeft: capturesPerReading,
    };
    all.add(watched);
    if (all.size > sweepSize) {
      for (const each of all) if (each.holder.deref() === undefined) all.delete(each);
      sweepSize = Math.max(sweepAt, all.size * 2);
    }
    const parts = byHolder.get(holder);
    if (parts === undefined) byHolder.set(holder, new Map([[part, watched]]));
    else parts.set(part, watched);
    return watched;
  };

  return {
    grown({ holder, size, part, above }) {
      if (size < fromSize) return;
      const watched = byHolder.get(holder)?.get(part) ?? watch(holder, part);
      const isPowerOfTwo = (size & (size - 1)) === 0;
      if (watched.stacks.size > 0 && !watched.growing && !isPowerOfTwo) return;
      if (watched.capturesLeft === 0) return;
      watched.capturesLeft -= 1;
      if (watched.forgetStacks) watched.stacks.clear();
      watched.forgetStacks = false;
      const stack = stacks.capture(above);
      watched.stacks.set(stack, (watched.stacks.get(stack) ?? 0) + 1);
    },
    read() {
      const groups: ResourceGroup[] = [];
      for (const watched of all) {
        const holder = watched.holder.deref();
        if (holder === undefined) {
          all.delete(watched);
          continue;
        }
        const size = sizeOf(holder, watched.part);
        if (size > watched.sizeRead && watched.sizeRead > 0) watched.growing = true;
        if (watched.growing) {
          groups.push({
            kind,
            type: describe(holder, watched.part),
            stack: stacks.framesOf(mostFrequent(watched.stacks)),
            count: size,
            examples: [],
            key: watched.key,
          });
          // Who filled it earlier need not be who makes it grow.
          watched.forgetStacks = true;
        }
        watched.sizeRead = size;
        watched.capturesLeft = capturesPerReading;
      }
      return groups;
    },
    growing() {
      const holders = new Map<string, object>();
      for (const watched of all) {
        const holder = watched.growing ? watched.holder.deref() : undefined;
        if (holder !== undefined) holders.set(watched.key, holder);
      }
      return holders;
    },
  };
}

function mostFrequent(stacks: ReadonlyMap<number, number>): number {
  let most = 0;
  let highest = 0;
  for (const [stack, count] of stacks) {
    if (count <= highest) continue;
    highest = count;
    most = stack;
  }
  return most;
}
