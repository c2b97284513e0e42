import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import type { StoreWrite } from './branch-contents.js';
import { storeScenario, storeStats } from './store-target.js';

/** One in 64 is large, so that a context that keeps its largest transaction would show it. */
function writesOf({ cycle, input }: CycleContext): StoreWrite[] {
  return Array.from({ length: input % 64 === 0 ? 200 : 2 }, (_, index) => ({
    family: 'kv',
    key: `order-${cycle}-${index}`,
    value: input,
    ttlMs: 100,
    mode: index === 0 ? 'create-only' : 'overwrite',
  }));
}

export default defineScenario({
  name: 'branch-store/transactions',
  summary: 'a transaction over several requests: begin it, write 2 or 200 keys, commit or abort it; the keys expire',
  ...storeScenario,
  operations: {
    transaction: operation({
      create: async (context) => {
        const { http } = context.target;
        const { id } = (await http.post('/transactions', { branch: 'main' })).json<{ id: number }>();
        await http.post(`/transactions/${id}/writes`, { writes: writesOf(context) });
        return id;
      },
      destroy: (id, { target: { http }, cycle }) =>
        cycle % 4 === 0 ? http.delete(`/transactions/${id}`) : http.post(`/transactions/${id}/commit`),
    }),
  },
  concurrency: 8,
  settle: {
    until: async ({ target }) => {
      const { isQuiet, gauges } = await storeStats(target);
      return isQuiet && gauges.expiries === 0;
    },
  },
  defects: {
    'stale-write-modes': {
      summary: 'a context that is used again still holds the write modes of the transactions before',
      expect: { verdict: 'leak', metric: 'gauge.contextsStale', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['000-03'],
});
