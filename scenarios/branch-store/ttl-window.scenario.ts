import { defineScenario, operation } from '../../harness/index.js';
import { putExpiringKey } from './expiring-key.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/ttl-window',
  summary: 'a key of a name of its own that expires after a second, and floors that do not wait: fills, then stays',
  ...storeScenario,
  operations: {
    key: operation({ create: (context) => putExpiringKey(context, 1_000), destroy: () => undefined }),
  },
  concurrency: 4,
});
