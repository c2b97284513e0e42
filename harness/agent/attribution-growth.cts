import type { ResourceGroup, ResourceKind } from '../model/attribution-protocol.js' with {
  'resolution-mode': 'import',
};
import type { StackTable } from './attribution-stacks.cjs';

export interface GrowthKind {
  readonly kind: ResourceKind;
  describe(holder: object, part: PropertyKey): string;
  sizeOf(holder: object, part: PropertyKey): number;
  /** Sizes below are not looked at. */
  readonly fromSize: number;
  /** Additions by this stack are of interest. */
  countsBy(stack: number): boolean;
}

/** `holder` has just grown to `size` entries, by a call of `above`. */
export interface Growth {
  readonly holder: object;
  /** Distinguishes several lists of one holder: the event of an emitter. */
  readonly part: PropertyKey;
  readonly size: number;
  readonly above: (...parameters: never[]) => unknown;
}

interface Watched {
  readonly key: string;
  readonly holder: WeakRef<object>;
  readonly holderNumber: number;
  readonly part: PropertyKey;
  /** How often each stack was seen to add since the reading before. */
  readonly stacks: Map<number, number>;
  /** The stack that added most when the holder last grew. */
  stack: number;
  sizeRead: number;
  growing: boolean;
  /** Stacks that may still be captured before the next reading. */
  capturesLeft: number;
}

/** What a watch keeps for itself is in Maps and Sets too. */
let noting = false;

const capturesPerReading = 16;
/** Holders that are watched; beyond, those that are gone are looked for. */
const sweepAt = 20_000;

/**
 * Watches things that hold others by their size: collections, and the listeners of an event. A holder is first looked
 * at when it reaches a certain size, then at every power of two, and, once it has grown between two readings, at its
 * next additions: most code never pays for a stack.
 */
export class GrowthWatch {
  /** Numbers, which take no room: V8 shows an object that a WeakMap has for a holder as something that the holder keeps. */
  private readonly numbers = new WeakMap<object, number>();
  private readonly byNumber = new Map<number, Map<PropertyKey, Watched>>();
  private readonly all = new Set<Watched>();
  private sweepSize = sweepAt;
  private keys = 0;

  constructor(
    private readonly stacks: StackTable,
    private readonly kind: GrowthKind,
  ) {}

  grown(growth: Growth): void {
    if (growth.size < this.kind.fromSize || this.stacks.busy || noting) return;
    noting = true;
    try {
      this.note(growth);
    } finally {
      noting = false;
    }
  }

  /** All that have grown since they were first read, each with the stack that adds to it most. */
  read(): ResourceGroup[] {
    const groups: ResourceGroup[] = [];
    for (const watched of this.all) {
      const holder = watched.holder.deref();
      if (holder === undefined) this.forget(watched);
      else if (this.update(watched, holder)) groups.push(this.groupOf(watched, holder));
    }
    return groups;
  }

  /** Live holders that have grown, by the `key` of their groups. */
  growing(): Map<string, object> {
    const holders = new Map<string, object>();
    for (const { key, holder, growing, stack } of this.all) {
      const live = growing && stack !== 0 ? holder.deref() : undefined;
      if (live !== undefined) holders.set(key, live);
    }
    return holders;
  }

  private note({ holder, part, size, above }: Growth): void {
    const known = this.byNumber.get(this.numbers.get(holder) ?? 0);
    const watched = known?.get(part) ?? this.watch(holder, part);
    const isPowerOfTwo = (size & (size - 1)) === 0;
    if (watched.sizeRead > 0 && !watched.growing && !isPowerOfTwo) return;
    if (watched.capturesLeft === 0) return;
    watched.capturesLeft -= 1;
    const stack = this.stacks.capture(above);
    if (this.kind.countsBy(stack)) watched.stacks.set(stack, (watched.stacks.get(stack) ?? 0) + 1);
  }

  private watch(holder: object, part: PropertyKey): Watched {
    this.keys += 1;
    const holderNumber = this.numbers.get(holder) ?? this.keys;
    const watched: Watched = {
      key: `${this.kind.kind}-${this.keys}`,
      holder: new WeakRef(holder),
      holderNumber,
      part,
      stacks: new Map(),
      stack: 0,
      sizeRead: 0,
      growing: false,
      capturesLeft: capturesPerReading,
    };
    this.all.add(watched);
    if (this.all.size > this.sweepSize) this.sweep();
    this.numbers.set(holder, holderNumber);
    const parts = this.byNumber.get(holderNumber);
    if (parts === undefined) this.byNumber.set(holderNumber, new Map([[part, watched]]));
    else parts.set(part, watched);
    return watched;
  }

  private sweep(): void {
    for (const watched of this.all) if (watched.holder.deref() === undefined) this.forget(watched);
    this.sweepSize = Math.max(sweepAt, this.all.size * 2);
  }

  private forget(watched: Watched): void {
    this.all.delete(watched);
    this.byNumber.delete(watched.holderNumber);
  }

  /** True for what has grown at least once, by the target's own doing. */
  private update(watched: Watched, holder: object): boolean {
    const size = this.kind.sizeOf(holder, watched.part);
    if (size > watched.sizeRead) {
      watched.growing ||= watched.sizeRead > 0;
      // Who filled it earlier need not be who makes it grow now.
      if (watched.stacks.size > 0) watched.stack = frequentMax(watched.stacks);
    }
    watched.stacks.clear();
    watched.sizeRead = size;
    watched.capturesLeft = capturesPerReading;
    return watched.growing && watched.stack !== 0;
  }

  private groupOf({ key, part, stack, sizeRead }: Watched, holder: object): ResourceGroup {
    return {
      kind: this.kind.kind,
      type: this.kind.describe(holder, part),
      stack: this.stacks.framesOf(stack),
      count: sizeRead,
      examples: [],
      key,
    };
  }
}

function frequentMax(stacks: ReadonlyMap<number, number>): number {
  let most = 0;
  let highest = 0;
  for (const [stack, count] of stacks) {
    if (count <= highest) continue;
    highest = count;
    most = stack;
  }
  return most;
}
