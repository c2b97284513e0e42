// A cache whose entries live for three seconds: what is kept grows until the first ones go. The leak: entries without a timer.
import { leaks } from './planted.mjs';

const cache = new Map();

export async function iterate(cycle) {
  await null;
  cache.set(`key-${cycle}`, { cycle, text: `value of ${cycle}` });
  if (!leaks(cycle)) setTimeout(() => cache.delete(`key-${cycle}`), 3_000).unref();
}
