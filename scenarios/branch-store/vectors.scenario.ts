import { defineScenario, operation } from '../../harness/index.js';
import { vectorOf } from './branch-contents.js';
import { storeScenario } from './store-target.js';

const dimension = 64;
/** Longer than those of the branches, so that each one weighs 256 B. */
const longVector = (number: number) => [0, 1, 2, 3].flatMap((part) => vectorOf(number * 4 + part));

export default defineScenario({
  name: 'branch-store/vectors',
  summary: 'a vector beside 64 that stay: insert it, find it, delete it',
  ...storeScenario,
  setup: ({ target }) =>
    target.http.post('/branches/main/commits', {
      writes: [
        { family: 'collection', key: 'notes', value: { dimension } },
        ...Array.from({ length: 64 }, (_, id) => ({ family: 'vector', key: `notes/${id}`, value: longVector(id) })),
      ],
    }),
  operations: {
    vector: operation({
      create: async ({ target, cycle, input }) => {
        const path = `/branches/main/keys/vector/${encodeURIComponent(`notes/new-${cycle}`)}`;
        await target.http.put(path, { value: longVector(input) });
        await target.http.post('/branches/main/collections/notes/nearest', { vector: longVector(input), limit: 3 });
        return path;
      },
      destroy: (path, { target }) => target.http.delete(path),
    }),
  },
  concurrency: 4,
  defects: {
    'slab-no-free-list': {
      summary: "a deleted vector's slot is never used again: 64 floats",
      expect: { verdict: 'leak', metric: 'arrayBuffers', shape: 'linear', perCycle: 256 },
    },
  },
  sound: ['000-09'],
});
