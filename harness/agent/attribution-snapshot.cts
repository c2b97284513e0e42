import { closeSync, openSync } from 'node:fs';
import type inspector from 'node:inspector';
import v8 from 'node:v8';
import type { SnapshotReceipt } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { ask } from './inspector-session.cjs';

/** Nobody else gets to read what a heap holds. */
export const snapshotFileMode = 0o600;

interface RemoteProperties {
  readonly result: readonly { readonly name: string; readonly value?: { readonly objectId?: string } }[];
}

/**
 * Writes a heap snapshot and shows the ids that it gives to some objects. Ids last as long as `session` does: objects
 * have the same one in every snapshot of this process.
 * @param growing the objects; asked for only when the snapshot is there, lest it show this process holding them
 */
export function takeSnapshot(
  session: inspector.Session,
  path: string,
  growing: () => ReadonlyMap<string, object>,
): SnapshotReceipt {
  // With numbers, among which are the limits that collections have.
  writeSnapshot(path, { exposeNumericValues: true });
  return {
    clocks: { dateMs: Date.now(), processMs: performance.now() },
    collections: snapshotIds(session, growing()),
  };
}

export function writeSnapshot(path: string, options: v8.HeapSnapshotOptions = {}): void {
  // V8 keeps the mode of a file that is there.
  closeSync(openSync(path, 'wx', snapshotFileMode));
  v8.writeHeapSnapshot(path, options);
}

function snapshotIds(session: inspector.Session, objects: ReadonlyMap<string, object>): Record<string, number> {
  const shared = Symbol.for('plateau.attribution.objects');
  const objectGroup = 'plateau.attribution';
  Object.defineProperty(globalThis, shared, { value: Object.fromEntries(objects), configurable: true });
  try {
    const { result } = ask<{ result: { objectId: string } }>(session, 'Runtime.evaluate', {
      expression: `globalThis[Symbol.for('plateau.attribution.objects')]`,
      objectGroup,
    });
    const properties = ask<RemoteProperties>(session, 'Runtime.getProperties', {
      objectId: result.objectId,
      ownProperties: true,
    });
    const ids: Record<string, number> = {};
    for (const { name, value } of properties.result) {
      if (value?.objectId === undefined || !objects.has(name)) continue;
      const { heapSnapshotObjectId } = ask<{ heapSnapshotObjectId: string }>(session, 'HeapProfiler.getHeapObjectId', {
        objectId: value.objectId,
      });
      ids[name] = Number(heapSnapshotObjectId);
    }
    return ids;
  } finally {
    Reflect.deleteProperty(globalThis, shared);
    ask(session, 'Runtime.releaseObjectGroup', { objectGroup });
  }
}
