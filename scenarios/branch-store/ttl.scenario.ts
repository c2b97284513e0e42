import { defineScenario, operation } from '../../harness/index.js';
import { putExpiringKey } from './expiring-key.js';
import { storeGaugeKinds, storeGauges, storeSettle, storeTarget } from './store-target.js';

const ttlMs = 200;

export default defineScenario({
  name: 'branch-store/ttl',
  summary: 'a key of a name of its own that expires after 200 ms: write it; a floor waits until all have expired',
  target: storeTarget,
  operations: {
    key: operation({ create: (context) => putExpiringKey(context, ttlMs), destroy: () => undefined }),
  },
  gauges: storeGauges,
  gaugeKinds: storeGaugeKinds,
  settle: { ...storeSettle, afterMs: ttlMs + 100 },
  defects: {
    'ttl-not-swept': {
      summary: 'what expires is noted, and nobody sweeps: readers see it gone, memory keeps it',
      audit: ['000-15'],
      expect: { verdict: 'leak', metric: 'gauge.expiries', shape: 'linear', perCycle: 1 },
    },
  },
});
