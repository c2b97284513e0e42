/** Where the calls of a target that hangs wait. plateau reads the heap snapshot, and asks for the places of those it found. */
import inspector from 'node:inspector';
import type { RawFrame, WaitingReading } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { writeSnapshot } from './attribution-snapshot.cjs';
import { readScripts, type Script, sourceMapUrlsOf } from './attribution-source-maps.cjs';
import { ask } from './inspector-session.cjs';
import { onLeave } from './leaving.cjs';

interface ScriptPlace {
  readonly scriptId: string;
  /** 0-based. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface InternalProperties {
  readonly internalProperties?: readonly { readonly name: string; readonly value?: { readonly value?: unknown } }[];
}

const objectGroup = 'plateau.waiting';
/** Ids of objects are forgotten when a session ends. */
let session: inspector.Session | undefined;

function openSession(): inspector.Session {
  if (session === undefined) {
    session = new inspector.Session();
    session.connect();
    onLeave(() => session?.disconnect());
    ask(session, 'HeapProfiler.enable');
  }
  return session;
}

export function takeWaitingSnapshot(path: string): Record<string, never> {
  openSession();
  writeSnapshot(path);
  return {};
}

/** @param ids of suspended async functions, as the snapshot has them; what has gone on since is left out */
export function readWaitingPlaces(ids: readonly number[]): WaitingReading {
  const asked = openSession();
  const scripts = readScripts(asked);
  const places: Record<number, RawFrame> = {};
  for (const id of ids) {
    const frame = frameOf(suspensionOf(asked, id), scripts);
    if (frame !== undefined) places[id] = frame;
  }
  ask(asked, 'Runtime.releaseObjectGroup', { objectGroup });
  return { places, sourceMaps: sourceMapUrlsOf(scripts.values()) };
}

function frameOf(place: ScriptPlace | undefined, scripts: ReadonlyMap<string, Script>): RawFrame | undefined {
  const script = place === undefined ? undefined : scripts.get(place.scriptId);
  return script === undefined ? undefined : [script.url, place!.lineNumber + 1, place!.columnNumber + 1, ''];
}

/** The `await` at which a function stands. */
function suspensionOf(asked: inspector.Session, id: number): ScriptPlace | undefined {
  try {
    const { result } = ask<{ result: { objectId: string } }>(asked, 'HeapProfiler.getObjectByHeapObjectId', {
      objectId: String(id),
      objectGroup,
    });
    const { internalProperties = [] } = ask<InternalProperties>(asked, 'Runtime.getProperties', {
      objectId: result.objectId,
      ownProperties: true,
    });
    const internal = (wanted: string) => internalProperties.find(({ name }) => name === wanted)?.value?.value;
    if (internal('[[GeneratorState]]') !== 'suspended') return undefined;
    return internal('[[GeneratorLocation]]') as ScriptPlace | undefined;
  } catch {
    // It has been collected.
    return undefined;
  }
}
