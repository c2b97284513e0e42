import { EventEmitter } from 'node:events';
import { replaceMethod } from './attribution-collections.cjs';
import { GrowthWatch } from './attribution-growth.cjs';
import type { StackTable } from './attribution-stacks.cjs';

type Method = (...parameters: unknown[]) => unknown;

/** Below, an emitter has the listeners that any connection or stream has. */
const fromSize = 4;
const listenersKey = Object.getOwnPropertySymbols(new EventTarget()).find((key) => key.description === 'kEvents');

/** Watches the listeners of each event of each emitter and event target for growth. */
export function watchListeners(stacks: StackTable): GrowthWatch {
  const watch = new GrowthWatch(stacks, {
    kind: 'listener',
    describe: (holder, event) => `${holder.constructor?.name ?? 'Object'} '${String(event)}'`,
    sizeOf: (holder, event) => (holder instanceof EventEmitter ? countOf(holder, event) : countOfTarget(holder, event)),
    fromSize,
    countsBy: (stack) => stacks.isOfTarget(stack),
  });
  const wrap = (prototype: object, name: string, count: (holder: object, event: PropertyKey) => number) => {
    const original = Reflect.get(prototype, name) as Method;
    const wrapper = {
      [name](this: object, ...parameters: unknown[]): unknown {
        const result = Reflect.apply(original, this, parameters);
        const size = count(this, parameters[0] as PropertyKey);
        if (size >= fromSize) watch.grown({ holder: this, size, part: parameters[0] as PropertyKey, above: wrapper });
        return result;
      },
    }[name] as Method;
    replaceMethod(prototype, name, wrapper);
  };
  for (const name of ['on', 'addListener', 'prependListener']) wrap(EventEmitter.prototype, name, countOf);
  wrap(EventTarget.prototype, 'addEventListener', countOfTarget);
  return watch;
}

function countOf(emitter: object, event: PropertyKey): number {
  const registered = (emitter as { _events?: Record<PropertyKey, unknown> })._events?.[event];
  return Array.isArray(registered) ? registered.length : registered === undefined ? 0 : 1;
}

interface ListenerTable {
  get(event: PropertyKey): { readonly size?: number } | undefined;
}

/** Asking `events.getEventListeners` would walk the whole list for every listener added. */
function countOfTarget(target: object, event: PropertyKey): number {
  const table =
    listenersKey === undefined ? undefined : (Reflect.get(target, listenersKey) as ListenerTable | undefined);
  return table?.get(event)?.size ?? 0;
}
