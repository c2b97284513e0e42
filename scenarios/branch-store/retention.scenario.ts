import { defineScenario, operation } from '../../harness/index.js';
import { putHotKey } from './hot-key.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/retention',
  summary: 'one hot key on a branch that keeps the last 5 versions: write it again and again',
  ...storeScenario,
  setup: ({ target }) => target.http.post('/branches', { name: 'recent', retention: { keepLast: 5 } }),
  operations: {
    update: operation({ create: (context) => putHotKey(context, 'recent'), destroy: () => undefined }),
  },
  defects: {
    'retention-ignored': {
      summary: 'a branch with a retention policy keeps everything, whatever the policy says',
      audit: ['000-14'],
      expect: { verdict: 'leak', metric: 'gauge.versions', shape: 'linear', perCycle: 1 },
    },
  },
});
