import { defineScenario, operation } from '../../harness/index.js';
import { storeScenario } from './store-target.js';

const burst = Array.from({ length: 16 }, (_, index) => index);

export default defineScenario({
  name: 'branch-store/transaction-bursts',
  summary: '16 transactions at once, twice as many as contexts are kept: begin them, write, commit or abort them',
  ...storeScenario,
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    burst: operation({
      create: ({ target: { http }, cycle }) =>
        Promise.all(
          burst.map(async (index) => {
            const begun = await http.post('/transactions', { branch: 'main', client: `client-${cycle}-${index}` });
            const { id } = begun.json<{ id: number }>();
            await http.post(`/transactions/${id}/writes`, {
              writes: [{ family: 'kv', key: `seat-${index}`, value: cycle }],
            });
            return id;
          }),
        ),
      destroy: (ids, { target: { http } }) =>
        Promise.all(
          ids.map((id, index) =>
            index % 4 === 0 ? http.delete(`/transactions/${id}`) : http.post(`/transactions/${id}/commit`),
          ),
        ),
    }),
  },
  defects: {
    'pool-no-cap': {
      summary: 'contexts are kept for the client that used them, however many clients there are',
      expect: { verdict: 'leak', metric: 'gauge.contextsIdle', shape: 'linear', perCycle: 16 },
    },
  },
  sound: ['000-01'],
});
