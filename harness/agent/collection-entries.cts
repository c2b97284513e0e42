/** What collections hold: how many entries, and until when those say that they are kept. Runs none of the target's code. */

/** Nested collections are counted in so many entries at most, and so many are asked for their times. */
const nestedMax = 1_000;
const timedMax = 200;
/** An object whose keys are entries has more than the fields of a record. */
const dictionaryKeysMin = 24;
/** Times that are further away are limits, and no times at which something goes. */
const expiryMsMax = 90 * 86_400_000;

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get!;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')!.get!;

export function isCollection(object: object): boolean {
  return object instanceof Map || object instanceof Set || Array.isArray(object) || isDictionary(object);
}

function isDictionary(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return (
    (prototype === null || prototype === Object.prototype) &&
    Object.getOwnPropertyNames(object).length >= dictionaryKeysMin
  );
}

/** Its entries, and those of the collections that it holds. */
export function entriesOf(collection: object): number {
  let nested = 0;
  let left = nestedMax;
  for (const value of valuesOf(collection)) {
    if (left === 0) break;
    left -= 1;
    if (typeof value === 'object' && value !== null && isCollection(value)) nested += sizeOf(value);
  }
  return sizeOf(collection) + nested;
}

function sizeOf(collection: object): number {
  if (collection instanceof Map) return sizeOfMap.call(collection) as number;
  if (collection instanceof Set) return sizeOfSet.call(collection) as number;
  return Array.isArray(collection) ? collection.length : Object.getOwnPropertyNames(collection).length;
}

function* valuesOf(collection: object): Generator<unknown> {
  if (collection instanceof Map) yield* Map.prototype.values.call(collection);
  else if (collection instanceof Set) yield* Set.prototype.values.call(collection);
  else yield* dataOf(collection);
}

/** Values of properties that are no getters. */
function* dataOf(object: object): Generator<unknown> {
  for (const name of Object.getOwnPropertyNames(object)) yield Object.getOwnPropertyDescriptor(object, name)?.value;
}

/** Until the latest time to come that is found in its first entries, themselves or one level below. */
export function expiresInMs(collection: object): { readonly expiresInMs?: number } {
  const nowMs = Date.now();
  let latestMs = 0;
  const note = (value: unknown) => {
    const timeMs = value instanceof Date ? Date.prototype.getTime.call(value) : value;
    if (typeof timeMs === 'number' && timeMs > nowMs && timeMs < nowMs + expiryMsMax)
      latestMs = Math.max(latestMs, timeMs - nowMs);
  };
  let left = timedMax;
  for (const entry of valuesOf(collection)) {
    if (left === 0) break;
    left -= 1;
    note(entry);
    if (typeof entry !== 'object' || entry === null) continue;
    for (const field of dataOf(entry)) {
      note(field);
      if (typeof field === 'object' && field !== null && !isCollection(field) && !ArrayBuffer.isView(field))
        for (const inner of dataOf(field)) note(inner);
    }
  }
  return latestMs === 0 ? {} : { expiresInMs: latestMs };
}
