import { defineScenario, operation } from '../../harness/index.js';
import { dimension, vectorWrites } from './branch-contents.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/collections',
  summary: 'a collection of 100 vectors: create it, delete it',
  ...storeScenario,
  operations: {
    collection: operation({
      create: async ({ target, cycle, input }) => {
        const name = `collection-${cycle}`;
        const configuration = { family: 'collection', key: name, value: { dimension } };
        const writes = [configuration, ...vectorWrites(name, 100, input)];
        await target.http.post('/branches/main/commits', { writes });
        return name;
      },
      destroy: (name, { target }) => target.http.delete(`/branches/main/collections/${name}`),
    }),
  },
  concurrency: 4,
  defects: {
    'collection-backends': {
      summary: "a deleted collection's vectors stay in memory: 7 slabs of 16 x 32 floats",
      expect: { verdict: 'leak', metric: 'arrayBuffers', shape: 'linear', perCycle: 14_336 },
    },
    'vector-backends': {
      summary: 'vectors that stay when their branch is deleted: a collection deleted by itself goes',
      expect: { verdict: 'plateau' },
    },
  },
  sound: ['000-10'],
});
