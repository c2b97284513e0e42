import { defineScenario, operation } from '../../harness/index.js';
import { putHotKey } from './hot-key.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/updates-collected',
  summary: 'one hot key: write it again and again, and ask for a collection after every 100 writes',
  ...storeScenario,
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    update: operation({
      create: putHotKey,
      destroy: async (_handle, { target, cycle }) => {
        if (cycle % 100 === 99) await target.http.post('/collect');
      },
    }),
  },
  defects: {
    'gc-on-demand': {
      summary: 'old versions are collected when somebody asks: a sawtooth of 100',
      expect: { verdict: 'plateau' },
    },
  },
});
