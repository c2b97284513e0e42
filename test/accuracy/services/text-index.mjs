// Documents by their words. The leak: strings, which no count of objects sees.
import { leaks } from './planted.mjs';

const documents = new Map();
const searches = [];

export function create(cycle) {
  const words = Array.from({ length: 6 }, (_, at) => `word${(cycle * (at + 3)) % 200}`);
  documents.set(cycle, words);
  return { cycle, words };
}

export function destroy({ cycle, words }) {
  documents.delete(cycle);
  // Long enough that one in ten cycles is more than the budget lets pass.
  if (leaks(cycle)) searches.push(`${words.join(' ').repeat(4)} #${cycle}`.toUpperCase());
}
