// A cache of 3,000 entries under ever-new keys: grows until it is full. The leak: keys that were evicted stay in an index.
import { leaks } from './planted.mjs';

const most = 3_000;
const cache = new Map();
const index = new Map();

export function iterate(cycle) {
  const key = `key-${cycle}`;
  cache.set(key, { value: cycle, text: `value of ${cycle}` });
  index.set(key, { cycle, seen: [cycle] });
  if (cache.size <= most) return;
  const [oldest] = cache.keys();
  cache.delete(oldest);
  if (!leaks(index.get(oldest).cycle)) index.delete(oldest);
}
