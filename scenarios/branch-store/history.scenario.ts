import { defineScenario, operation } from '../../harness/index.js';
import { putHotKey } from './hot-key.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/history',
  summary: 'one hot key on a branch that keeps all versions: growth by design, allowed by budgets',
  ...storeScenario,
  setup: ({ target }) => target.http.post('/branches', { name: 'history', retention: 'keep-all' }),
  operations: {
    update: operation({ create: (context) => putHotKey(context, 'history'), destroy: () => undefined }),
  },
  gaugeKinds: { ...storeScenario.gaugeKinds, versions: { kind: 'counter' } },
  budgets: { heapUsed: '512 B', objects: 4 },
});
