/** The armed timers of the target, and what their code would take away when they fire. */
import inspector from 'node:inspector';
import { dirname } from 'node:path';
import type { PendingTimersReading } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { ClosureReader } from './closure-reader.cjs';
import { namedByCode, receiversMax, textOf } from './named-collections.cjs';
import { type ArmedTimer, findTimerLists, loopNow, timersOf } from './timer-lists.cjs';

/** Kinds of timers that are looked into: what a service sweeps with are few, what each request arms is one. */
const kindsMax = 32;

interface Kind {
  readonly code: object;
  readonly everyMs?: number;
  count: number;
  dueMs: number;
}

export function readPendingTimers(): PendingTimersReading {
  const session = new inspector.Session();
  session.connect();
  const reader = new ClosureReader(session);
  try {
    const receiversOf = receiverSearch(reader);
    const timers = kindsOfTimers().flatMap(({ code, ...kind }) => {
      const written = (reader.boundOf(code)?.target ?? code) as { readonly name?: string };
      const frame = reader.placeOf(written, String(written.name ?? ''));
      if (frame === undefined || isOfNodeOrPlateau(frame[0])) return [];
      return [{ ...kind, frame, ...namedByCode(code, reader, receiversOf) }];
    });
    const urls = new Set(timers.map(({ frame: [url] }) => url));
    const sourceMaps = Object.entries(reader.sourceMaps()).filter(([url]) => urls.has(url));
    return { timers, sourceMaps: Object.fromEntries(sourceMaps) };
  } finally {
    reader.release();
    session.disconnect();
  }
}

function isOfNodeOrPlateau(url: string): boolean {
  return url === '' || url.startsWith('node:') || url.includes(dirname(__filename));
}

/** Timers whose functions have the same text belong together; the latest one stands for them. */
function kindsOfTimers(): Kind[] {
  const nowMs = loopNow();
  const kinds = new Map<string, Kind>();
  for (const list of Object.values(findTimerLists()))
    for (const timer of timersOf(list)) {
      if (typeof timer._onTimeout !== 'function') continue;
      const key = `${timer._repeat ?? ''} ${timer._onTimeout.name} ${textOf(timer._onTimeout)}`;
      const dueMs = Math.max(0, timer._idleStart + timer._idleTimeout - nowMs);
      const kind = kinds.get(key) ?? kindOf(timer, dueMs);
      kinds.set(key, kind);
      kind.count += 1;
      kind.dueMs = Math.min(kind.dueMs, dueMs);
    }
  return [...kinds.values()].sort((left, right) => right.dueMs - left.dueMs).slice(0, kindsMax);
}

function kindOf({ _onTimeout, _repeat }: ArmedTimer, dueMs: number): Kind {
  return { code: _onTimeout!, ...(_repeat !== null && { everyMs: _repeat }), count: 0, dueMs };
}

/** `this` of an arrow function is in no scope that V8 shows: it is an object of the class whose body has the function. */
function receiverSearch(reader: ClosureReader): (text: string) => readonly object[] {
  let classes: ReadonlyMap<string, readonly object[]> | undefined;
  return (text) => {
    classes ??= liveClasses(reader);
    return [...classes].find(([body]) => body.includes(text))?.[1] ?? [];
  };
}

/** Live objects of classes that are written in JavaScript, by the text of the class. */
function liveClasses(reader: ClosureReader): ReadonlyMap<string, readonly object[]> {
  const bodies = new Map<object, object[] | undefined>();
  const classes = new Map<string, object[]>();
  for (const object of reader.instancesOf(Object.prototype)) {
    const prototype = Object.getPrototypeOf(object) as object;
    if (!bodies.has(prototype)) {
      const body = bodyOf(prototype);
      const objects = body === undefined ? undefined : (classes.get(body) ?? []);
      if (body !== undefined) classes.set(body, objects!);
      bodies.set(prototype, objects);
    }
    const objects = bodies.get(prototype);
    if (objects !== undefined && objects.length <= receiversMax) objects.push(object);
  }
  return classes;
}

function bodyOf(prototype: object): string | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const body = typeof maker === 'function' ? textOf(maker) : '';
  return body.startsWith('class') ? body : undefined;
}
