/** Uniform in [0, 1). */
export type Random = () => number;

const separator = '\u0000';

/** 32-bit FNV-1a of a text, gone on with from the hash of what stands before it. */
function hashed(text: string, before = 0x811c9dc5): number {
  let hash = before;
  for (const character of text) {
    hash ^= character.codePointAt(0) as number;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * Deterministic random numbers from a seed: the same parts give the same stream on every machine, and every operation and
 * round has a stream of its own. Generator: mulberry32 (Tommy Ettinger, public domain), period 2^32.
 */
export function seededRandom(...parts: readonly (string | number)[]): Random {
  return randomFrom(hashed(parts.join(separator)));
}

/** `seededRandom` for parts of which only the last differs, which is asked for in each cycle. */
export function seededStreams(...parts: readonly (string | number)[]): (last: number) => Random {
  const before = hashed(parts.join(separator) + separator);
  return (last) => randomFrom(hashed(String(last), before));
}

function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number in [low, high], both included. */
export function randomInteger(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** A seed that nobody chose. */
export function drawSeed(): number {
  return Math.floor(Math.random() * 2_147_483_647);
}
