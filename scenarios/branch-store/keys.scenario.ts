import { defineScenario, operation } from '../../harness/index.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/keys',
  summary: 'a key of a name of its own: write it, delete it',
  ...storeScenario,
  operations: {
    key: operation({
      create: async ({ target, cycle, input }) => {
        const path = `/branches/main/keys/kv/key-${cycle}`;
        await target.http.put(path, { value: input });
        return path;
      },
      destroy: (path, { target }) => target.http.delete(path),
    }),
  },
  concurrency: 4,
  defects: {
    'gc-keeps-tombstones': {
      summary: 'the collector keeps one version of every key, of a deleted one the news of its deletion',
      expect: { verdict: 'leak', metric: 'gauge.keys', shape: 'linear', perCycle: 1 },
    },
    'version-chains': {
      summary: 'old versions are never collected: each key keeps its value and its deletion',
      expect: { verdict: 'leak', metric: 'gauge.versions', shape: 'linear', perCycle: 2 },
    },
  },
});
