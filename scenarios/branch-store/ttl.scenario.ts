import { defineScenario, operation } from '../../harness/index.js';
import { putExpiringKey } from './expiring-key.js';
import { storeScenario } from './store-target.js';

const ttlMs = 50;

export default defineScenario({
  name: 'branch-store/ttl',
  summary: 'a key of a name of its own that expires after 50 ms: write it; a floor waits until all have expired',
  ...storeScenario,
  operations: {
    key: operation({ create: (context) => putExpiringKey(context, ttlMs), destroy: () => undefined }),
  },
  concurrency: 4,
  settle: { ...storeScenario.settle, afterMs: ttlMs + 50 },
  defects: {
    'ttl-not-swept': {
      summary: 'what expires is noted, and nobody sweeps: readers see it gone, memory keeps it',
      audit: ['000-15'],
      expect: { verdict: 'leak', metric: 'gauge.expiries', shape: 'linear', perCycle: 1 },
    },
  },
});
