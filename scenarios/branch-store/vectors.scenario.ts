import { defineScenario, operation } from '../../harness/index.js';
import { dimension, vectorOf, vectorWrites } from './branch-contents.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/vectors',
  summary: 'a vector beside 64 that stay: insert it, find it, delete it',
  ...storeScenario,
  setup: ({ target }) =>
    target.http.post('/branches/main/commits', {
      writes: [{ family: 'collection', key: 'notes', value: { dimension } }, ...vectorWrites('notes', 64, 0)],
    }),
  operations: {
    vector: operation({
      create: async ({ target, cycle, input }) => {
        const path = `/branches/main/keys/vector/${encodeURIComponent(`notes/new-${cycle}`)}`;
        await target.http.put(path, { value: vectorOf(input) });
        await target.http.post('/branches/main/collections/notes/nearest', { vector: vectorOf(input), limit: 3 });
        return path;
      },
      destroy: (path, { target }) => target.http.delete(path),
    }),
  },
  concurrency: 4,
  defects: {
    'slab-no-free-list': {
      summary: "a deleted vector's slot is never used again: 32 floats",
      expect: { verdict: 'leak', metric: 'arrayBuffers', shape: 'linear', perCycle: 128 },
    },
  },
  sound: ['000-09'],
});
