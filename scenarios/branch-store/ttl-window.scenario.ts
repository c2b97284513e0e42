import { defineScenario, operation } from '../../harness/index.js';
import { putExpiringKey } from './expiring-key.js';
import { storeGaugeKinds, storeGauges, storeSettle, storeTarget } from './store-target.js';

export default defineScenario({
  name: 'branch-store/ttl-window',
  summary: 'a key of a name of its own that expires after a second, and floors that do not wait: fills, then stays',
  target: storeTarget,
  operations: {
    key: operation({ create: (context) => putExpiringKey(context, 1_000), destroy: () => undefined }),
  },
  gauges: storeGauges,
  gaugeKinds: storeGaugeKinds,
  settle: storeSettle,
});
