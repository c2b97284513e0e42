import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import type { StoreWrite } from './branch-contents.js';
import { storeGaugeKinds, storeGauges, storeSettle, storeTarget } from './store-target.js';

/** One in 64 is large, so that a context that keeps its largest transaction would show it. */
function keysOf({ cycle, input }: CycleContext): string[] {
  return Array.from({ length: input % 64 === 0 ? 200 : 2 }, (_, index) => `order-${cycle}-${index}`);
}

function writesOf(context: CycleContext): StoreWrite[] {
  return keysOf(context).map((key, index) => ({
    family: 'kv',
    key,
    value: context.input,
    mode: index === 0 ? 'create-only' : 'overwrite',
  }));
}

export default defineScenario({
  name: 'branch-store/transactions',
  summary: 'a transaction over several requests: begin it, write 2 or 200 keys, commit or abort it, delete the keys',
  target: storeTarget,
  operations: {
    transaction: operation({
      create: async (context) => {
        const { http } = context.target;
        const { id } = (await http.post('/transactions', { branch: 'main' })).json<{ id: number }>();
        await http.post(`/transactions/${id}/writes`, { writes: writesOf(context) });
        return id;
      },
      destroy: async (id, context) => {
        const { http } = context.target;
        if (context.cycle % 4 === 0) return http.delete(`/transactions/${id}`);
        await http.post(`/transactions/${id}/commit`);
        const writes: StoreWrite[] = keysOf(context).map((key) => ({ family: 'kv', key, delete: true }));
        return http.post('/branches/main/commits', { writes });
      },
    }),
  },
  concurrency: 8,
  gauges: storeGauges,
  gaugeKinds: storeGaugeKinds,
  settle: storeSettle,
  defects: {
    'stale-write-modes': {
      summary: 'a context that is used again still holds the write modes of the transactions before',
      expect: { verdict: 'leak', metric: 'gauge.contextsStale', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['000-03'],
});
