import inspector from 'node:inspector';
import type { Census } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { ask } from './inspector-session.cjs';

export interface CensusTaker {
  available(): boolean;
  /** Counts every live object of the main context. Costs about ten full collections and disturbs byte readings. */
  take(): Census;
}

interface RemoteObject {
  objectId?: string;
  value?: unknown;
}

/** Where the roots of a census are handed to the inspector, which reaches objects through globals only. */
const rootsName = 'plateau.census.roots';

/** @param realms prototypes that all counted objects have one of. @defaultValue `Object.prototype` of this realm */
export function createCensus(realms: readonly object[] = [Object.prototype]): CensusTaker {
  return {
    available: () => typeof inspector.Session === 'function',
    take() {
      const session = new inspector.Session();
      session.connect();
      try {
        return realms.map((_, realm) => countRealm(session, realms, realm)).reduce(merged);
      } finally {
        session.disconnect();
      }
    },
  };
}

function countRealm(session: inspector.Session, realms: readonly object[], realm: number): Census {
  const objectGroup = 'plateau';
  const roots = Symbol.for(rootsName);
  Object.defineProperty(globalThis, roots, { value: realms, configurable: true });
  try {
    const prototype = ask<{ result: RemoteObject }>(session, 'Runtime.evaluate', {
      expression: `globalThis[Symbol.for('${rootsName}')][${realm}]`,
      objectGroup,
    });
    const { objects } = ask<{ objects: RemoteObject }>(session, 'Runtime.queryObjects', {
      prototypeObjectId: prototype.result.objectId,
      objectGroup,
    });
    const { result } = ask<{ result: RemoteObject }>(session, 'Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: countObjects.toString(),
      returnByValue: true,
    });
    return result.value as Census;
  } finally {
    Reflect.deleteProperty(globalThis, roots);
    ask(session, 'Runtime.releaseObjectGroup', { objectGroup });
  }
}

function merged(one: Census, other: Census): Census {
  const classes = { ...one.classes };
  for (const [name, count] of Object.entries(other.classes)) classes[name] = (classes[name] ?? 0) + count;
  const timersDueMs = one.timersDueMs ?? other.timersDueMs;
  return {
    classes,
    objects: one.objects + other.objects,
    timers: one.timers + other.timers,
    repeatingTimers: one.repeatingTimers + other.repeatingTimers,
    listeners: one.listeners + other.listeners,
    sweepsMs: Math.max(one.sweepsMs, other.sweepsMs),
    ...(timersDueMs !== undefined && { timersDueMs }),
  };
}

/**
 * Runs in the target with all its objects as `this`; has no other scope, since it travels as text.
 * It must touch nothing that could run the target's code: no getters, no proxies.
 */
function countObjects(this: object[]): Census {
  interface Kind {
    name: string;
    count: number;
    emitter: boolean;
    eventTarget: boolean;
    timer: boolean;
  }
  const EventTargetPrototype = EventTarget.prototype;
  const listenersSymbol = Object.getOwnPropertySymbols(new EventTarget()).find((key) => key.description === 'kEvents');
  const probe = setTimeout(() => undefined, 0);
  clearTimeout(probe);
  const timerPrototype = Object.getPrototypeOf(probe) as object;
  const kinds = new Map<object | null, Kind>();
  const own = (object: object, key: PropertyKey): unknown => Object.getOwnPropertyDescriptor(object, key)?.value;
  const describe = (prototype: object | null): Kind => {
    let name = '(no prototype)';
    let emitter = false;
    let eventTarget = false;
    for (let link: object | null = prototype; link !== null; link = Object.getPrototypeOf(link) as object | null) {
      const maker = own(link, 'constructor');
      const constructorName = typeof maker === 'function' ? own(maker, 'name') : undefined;
      if (name === '(no prototype)') {
        name = typeof constructorName === 'string' && constructorName !== '' ? constructorName : '(anonymous)';
      }
      if (constructorName === 'EventEmitter') emitter = true;
      if (link === EventTargetPrototype) eventTarget = true;
    }
    return { name, count: 0, emitter, eventTarget, timer: prototype === timerPrototype };
  };
  let timers = 0;
  const now = own(probe, '_idleStart') as number;
  const dueMs: number[] = [];
  const sweepMsMax = 30_000;
  const sweepersMax = 16;
  const sweepers = new Map<number, number>();
  // Every HTTP server of Node looks for slow connections twice a minute.
  const isOfNode = (timer: object): boolean =>
    /^bound (checkConnections)?$/.test(String(own((own(timer, '_onTimeout') ?? {}) as object, 'name')));
  let listeners = 0;
  let objects = 0;
  for (let index = 0; index < this.length; index += 1) {
    const object = this[index] as object;
    const prototype = Object.getPrototypeOf(object) as object | null;
    let kind = kinds.get(prototype);
    if (kind === undefined) {
      kind = describe(prototype);
      kinds.set(prototype, kind);
    }
    kind.count += 1;
    objects += 1;
    if (kind.timer && own(object, '_destroyed') === false) {
      timers += 1;
      const setMs = own(object, '_idleTimeout') as number;
      const due = (own(object, '_idleStart') as number) + setMs - now;
      if (own(object, '_repeat') === null && Number.isFinite(due)) dueMs.push(due);
      if (setMs <= sweepMsMax && !isOfNode(object)) sweepers.set(setMs, (sweepers.get(setMs) ?? 0) + 1);
    }
    if (kind.emitter) {
      const events = own(object, '_events');
      if (typeof events === 'object' && events !== null) {
        for (const name of Reflect.ownKeys(events)) {
          const registered = own(events, name);
          if (Array.isArray(registered)) listeners += registered.length;
          else if (typeof registered === 'function') listeners += 1;
        }
      }
    }
    if (kind.eventTarget && listenersSymbol !== undefined) {
      // Node's own kind of Map, which is no `instanceof Map`.
      const events = own(object, listenersSymbol) as Map<string, { size?: number }> | undefined;
      if (events !== undefined) for (const root of events.values()) listeners += root.size ?? 0;
    }
  }
  const classes: Record<string, number> = {};
  for (const kind of kinds.values()) classes[kind.name] = (classes[kind.name] ?? 0) + kind.count;
  const timersDueMs = dueMs.sort((left, right) => left - right)[Math.floor(0.95 * dueMs.length)];
  // Many of a kind belong to what comes and goes, or leaks.
  const sweepsMs = Math.max(0, ...[...sweepers].filter(([, count]) => count <= sweepersMax).map(([setMs]) => setMs));
  const due = timersDueMs === undefined ? {} : { timersDueMs };
  return { classes, objects, timers, repeatingTimers: timers - dueMs.length, listeners, sweepsMs, ...due };
}
