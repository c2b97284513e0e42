import Module from 'node:module';
import type { ResourceGroup } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { replaceMethod } from './attribution-collections.cjs';
import type { StackTable } from './attribution-stacks.cjs';

type Method = (...parameters: unknown[]) => unknown;

export interface ModuleWatch {
  /** Modules loaded since the start, by the stack that asked for them. */
  read(): ResourceGroup[];
}

/** Counts the CommonJS modules that are loaded: a target that is warm loads no more. */
export function watchModules(stacks: StackTable): ModuleWatch {
  const loads = new Map<number, number>();
  const prototype = Module.prototype as unknown as { load: Method };
  const { load } = prototype;
  const wrapper = {
    load(this: object, ...parameters: unknown[]): unknown {
      const stack = stacks.capture(wrapper);
      if (stacks.isOfTarget(stack)) loads.set(stack, (loads.get(stack) ?? 0) + 1);
      return Reflect.apply(load, this, parameters);
    },
  }.load as Method;
  replaceMethod(prototype, 'load', wrapper);
  return {
    read: () =>
      Array.from(loads, ([stack, count]) => ({
        kind: 'module',
        type: 'module',
        stack: stacks.framesOf(stack),
        count,
        examples: [],
      })),
  };
}
