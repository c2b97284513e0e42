import { GrowthWatch } from './attribution-growth.cjs';
import type { StackTable } from './attribution-stacks.cjs';
import { onLeave } from './leaving.cjs';

type Method = (...parameters: unknown[]) => unknown;

const fromSize = 32;
const mapSize = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get as (this: unknown) => number;
const setSize = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get as (this: unknown) => number;

/**
 * Watches every Map, Set and Array of the target's code for growth by `set`, `add`, `push` and `unshift`. Node's own
 * code is not touched: it took its copies of these methods before the target starts.
 */
export function watchCollections(stacks: StackTable): GrowthWatch {
  const watch = new GrowthWatch(stacks, {
    kind: 'collection',
    describe: (holder) => (holder instanceof Map ? 'Map' : holder instanceof Set ? 'Set' : 'Array'),
    sizeOf: sizeOfCollection,
    fromSize,
    // Lists that Node keeps for the target, and plateau's own, are seen in other ways.
    countsBy: (stack) => stacks.startsInTarget(stack),
  });
  const wrap = (prototype: object, name: string, sizeOf: (holder: object) => number) => {
    const original = Reflect.get(prototype, name) as Method;
    const wrapper = {
      [name](this: object, ...parameters: unknown[]): unknown {
        const result = Reflect.apply(original, this, parameters);
        const size = sizeOf(this);
        if (size >= fromSize) watch.grown({ holder: this, size, part: '', above: wrapper });
        return result;
      },
    }[name] as Method;
    replaceMethod(prototype, name, wrapper);
  };
  wrap(Map.prototype, 'set', (holder) => Reflect.apply(mapSize, holder, []));
  wrap(Set.prototype, 'add', (holder) => Reflect.apply(setSize, holder, []));
  wrap(Array.prototype, 'push', lengthOfArray);
  wrap(Array.prototype, 'unshift', lengthOfArray);
  return watch;
}

/** Puts `wrapper` in the place of a method, looking like it, until the agent leaves. */
export function replaceMethod(owner: object, name: string, wrapper: Method): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (descriptor === undefined || typeof descriptor.value !== 'function') return;
  const original = descriptor.value as Method;
  for (const property of Reflect.ownKeys(original)) {
    const own = Object.getOwnPropertyDescriptor(original, property) as PropertyDescriptor;
    if (property !== 'prototype' && property !== 'arguments' && property !== 'caller') {
      Object.defineProperty(wrapper, property, own);
    }
  }
  Object.defineProperty(owner, name, { ...descriptor, value: wrapper });
  onLeave(() => {
    // Whoever has wrapped it since then calls on: the wrapper does what the method does.
    if (Reflect.get(owner, name) === wrapper) Object.defineProperty(owner, name, descriptor);
  });
}

function sizeOfCollection(holder: object): number {
  if (holder instanceof Map) return Reflect.apply(mapSize, holder, []);
  if (holder instanceof Set) return Reflect.apply(setSize, holder, []);
  return lengthOfArray(holder);
}

/** `push` may be borrowed by anything that has a length. */
function lengthOfArray(holder: object): number {
  return Array.isArray(holder) ? holder.length : 0;
}
