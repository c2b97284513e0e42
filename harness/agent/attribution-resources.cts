import asyncHooks from 'node:async_hooks';
import type { ResourceKind } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import type { StackTable } from './attribution-stacks.cjs';
import { type HooksStart, onLeave } from './leaving.cjs';

/** A live async resource of the target. */
export interface LiveResource {
  readonly kind: ResourceKind;
  readonly type: string;
  readonly stack: number;
  readonly example: string | undefined;
  /** Of handles that are one. */
  readonly descriptor: number | undefined;
}

export interface ResourceWatch {
  live(): LiveResource[];
  /** The target has started: what it makes from now on, it makes again and again. */
  started(): void;
  /** The stack above, continued by what scheduled the code that runs now when none of it is the target's. */
  captureWithOrigin(above: (...parameters: never[]) => unknown): number;
}

interface Tracked {
  readonly type: string;
  readonly stack: number;
  readonly resource: WeakRef<object>;
  /** Name of the scheduled callback that made it; empty where none did, or it has no name. */
  readonly madeBy: string;
}

/** What a handle or a timer reports of itself; none of it runs code of the target. */
interface Resource {
  getAsyncId?(): number;
  readonly fd?: number;
  readonly pid?: number;
  readonly threadId?: number;
  getpeername?(out: { address?: string; port?: number }): number;
  getsockname?(out: { address?: string; port?: number }): number;
  readonly _destroyed?: boolean;
  readonly _repeat?: number | null;
  readonly _idleTimeout?: number;
  hasRef?(): boolean;
}

/** Scheduled callbacks: they do not live on, but what they make was asked for where they were scheduled. */
const scheduled: ReadonlySet<string> = new Set(['TickObject', 'Immediate', 'Microtask']);
/** Stacks of callbacks that are scheduled; as many as may wait at a time before the oldest is forgotten. */
const originSlots = 8_192;
const sweepAt = 20_000;

/** Follows every async resource but promises from its making to its end, holding none of them. */
export function watchResources(stacks: StackTable, start: HooksStart): ResourceWatch {
  const tracked = new Map<number, Tracked>();
  const originIds = new Float64Array(originSlots);
  const originStacks = new Uint32Array(originSlots);
  /**
   * Callbacks that made what is still alive, with no code of the target's own on the stack. Once the target has started, only
   * of these is it noted who scheduled them: a request over HTTP schedules ten, and their stacks took half of the pass.
   */
  const wanted = new Set<string>();
  const want = (callback: string) => {
    if (callback !== '') wanted.add(callback);
  };
  /** Of a stack without own code, which scheduled callback runs now. */
  const madeBy = (stack: number) => (stacks.hasOwnCode(stack) ? '' : callbackName(asyncHooks.executionAsyncResource()));
  let followsAll = true;
  let sweepSize = sweepAt;

  const originOf = (asyncId: number): number =>
    tracked.get(asyncId)?.stack ??
    (originIds[asyncId % originSlots] === asyncId ? originStacks[asyncId % originSlots]! : 0);

  /** Continued by the stack of what scheduled the code that runs now. */
  const capture = (above: (...parameters: never[]) => unknown, trigger = 0): number => {
    const own = stacks.capture(above);
    const scheduledBy = originOf(asyncHooks.executionAsyncId());
    if (scheduledBy !== 0 && scheduledBy !== own) return stacks.join(own, scheduledBy);
    return stacks.isOfTarget(own) ? own : stacks.join(own, originOf(trigger));
  };

  function init(asyncId: number, type: string, trigger: number, resource: object): void {
    if (type === 'PROMISE') return;
    const isScheduled = scheduled.has(type);
    const callback = isScheduled ? callbackName(resource) : '';
    if (!followsAll && callback !== '' && !wanted.has(callback)) return;
    const stack = capture(init, trigger);
    if (isScheduled) {
      want(madeBy(stack));
      originIds[asyncId % originSlots] = asyncId;
      originStacks[asyncId % originSlots] = stack;
      return;
    }
    tracked.set(asyncId, { type, stack, resource: new WeakRef(resource), madeBy: madeBy(stack) });
    if (tracked.size > sweepSize) {
      sweep();
      sweepSize = Math.max(sweepAt, tracked.size * 2);
    }
  }
  const sweep = () => {
    for (const [asyncId, { resource }] of tracked) if (!isLive(resource.deref(), asyncId)) tracked.delete(asyncId);
  };
  const hook = asyncHooks.createHook({ init }).enable();
  onLeave(() => hook.disable());
  // Others may follow the promises of a process that runs already; Node ends it when that stops halfway through one.
  if (start === 'from-start') leavePromisesAlone();

  return {
    started() {
      followsAll = false;
    },
    captureWithOrigin(above) {
      const stack = capture(above);
      want(madeBy(stack));
      return stack;
    },
    live() {
      sweep();
      return [...tracked.values()].flatMap(({ type, stack, resource, madeBy: callback }) => {
        const live = resource.deref() as Resource | undefined;
        if (live === undefined) return [];
        want(callback);
        return [{ stack, ...describe(type, live) }];
      });
    },
  };
}

interface InternalBindings {
  binding(name: 'async_wrap'): { setPromiseHooks?(...hooks: undefined[]): void };
}

/**
 * A hook makes Node follow every promise too, which slows the target and makes its promises larger; only this binding
 * switches that off. AsyncLocalStorage switches it on again where the target uses it.
 */
function leavePromisesAlone(): void {
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    (process as unknown as InternalBindings)
      .binding('async_wrap')
      .setPromiseHooks?.(undefined, undefined, undefined, undefined);
  } catch {
    // A Node without this binding follows promises: slower, not wrong.
  } finally {
    if (noDeprecation === undefined) Reflect.deleteProperty(process, 'noDeprecation');
    else process.noDeprecation = noDeprecation;
  }
}

/** Of what `process.nextTick` or `setImmediate` calls; empty where it has none. No getter of the target is asked. */
function callbackName(resource: object): string {
  const own = (object: object, key: string): unknown => Object.getOwnPropertyDescriptor(object, key)?.value;
  const callback = own(resource, 'callback') ?? own(resource, '_onImmediate');
  const name = typeof callback === 'function' ? own(callback, 'name') : '';
  return typeof name === 'string' ? name : '';
}

function isLive(resource: Resource | undefined, asyncId: number): boolean {
  if (resource === undefined || resource._destroyed === true) return false;
  // A closed handle has another id, and a parser that is used again too.
  return resource.getAsyncId === undefined || resource.getAsyncId() === asyncId;
}

function describe(type: string, resource: Resource): Omit<LiveResource, 'stack'> {
  const descriptor = typeof resource.fd === 'number' && resource.fd >= 0 ? resource.fd : undefined;
  const named = (kind: ResourceKind, name: string, example?: string) => ({ kind, type: name, example, descriptor });
  switch (type) {
    case 'Timeout': {
      const name = typeof resource._repeat === 'number' ? 'interval' : 'timeout';
      const quiet = resource.hasRef?.() === false ? ', unref-ed' : '';
      return named('timer', `${name}${quiet}`, `${resource._idleTimeout ?? 0} ms`);
    }
    case 'WORKER':
      return named('worker', 'worker thread', `thread ${resource.threadId ?? 0}`);
    case 'PROCESSWRAP':
      return named('process', 'child process', `pid ${resource.pid ?? 0}`);
    default:
      // Those that do not keep the process alive are not among what Node calls active.
      return named('handle', resource.hasRef?.() === false ? `${type}, unref-ed` : type, addressesOf(resource));
  }
}

function addressesOf(resource: Resource): string | undefined {
  const ask = (read: ((out: { address?: string; port?: number }) => number) | undefined) => {
    const out: { address?: string; port?: number } = {};
    const failed = typeof read !== 'function' || Reflect.apply(read, resource, [out]) !== 0;
    return failed || out.address === undefined ? undefined : `${out.address}:${out.port ?? 0}`;
  };
  const peer = ask(resource.getpeername);
  const own = ask(resource.getsockname);
  return peer === undefined ? own : `${own ?? ''} -> ${peer}`;
}
