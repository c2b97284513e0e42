import { defineScenario, operation } from '../../harness/index.js';
import { keysOfEveryKind } from './branch-contents.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/replay',
  summary: 'a log of keys of every kind: replay it into the state that it made',
  ...storeScenario,
  setup: async ({ target: { http } }) => {
    await http.post('/databases', { name: 'replayed', checkpoints: 'manual' });
    await http.post('/databases/replayed/branches/main/commits', { writes: keysOfEveryKind(0) });
  },
  operations: {
    replay: operation({
      create: async ({ target }) => {
        await target.http.post('/databases/replayed/replay');
      },
      destroy: () => undefined,
    }),
  },
  defects: {
    'replay-appends': {
      summary: 'what a replay brings again is taken for new: a slab of 16 vectors',
      expect: { verdict: 'leak', metric: 'gauge.vectorSlabs', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['000-11'],
});
