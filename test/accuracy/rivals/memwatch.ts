import { differences, longestRun, type Rival } from './rival.js';

/** memwatch: a `leak` event after five collections in a row with a larger heap. */
export const memwatch: Rival = {
  name: 'memwatch',
  source: 'memwatch: heap growth over 5 consecutive GCs',
  judge: ({ heapUsed }) => (longestRun(differences(heapUsed), (diff) => diff > 0) >= 5 ? 'leak' : 'plateau'),
};
