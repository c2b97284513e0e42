// A cache of 100,000 entries under ever-new keys, which is far from full when it is first judged. The leak: entries that are pinned.
import { leaks } from './planted.mjs';

const most = 100_000;
const cache = new Map();
const pinned = [];

export function iterate(cycle) {
  const entry = { cycle, text: `value of ${cycle}` };
  cache.set(`key-${cycle}`, entry);
  if (leaks(cycle)) pinned.push(entry);
  if (cache.size > most) cache.delete(cache.keys().next().value);
}
