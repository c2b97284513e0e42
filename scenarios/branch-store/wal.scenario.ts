import { defineScenario, operation } from '../../harness/index.js';
import { storeScenario } from './store-target.js';

/** Two do not fit into one segment of 64 KiB: every commit begins the next. */
const valueBytes = 40 * 1024;

export default defineScenario({
  name: 'branch-store/wal',
  summary: 'a segment of the write-ahead log: fill it with one commit of 40 KiB; the next commit closes it',
  ...storeScenario,
  operations: {
    segment: operation({
      create: async ({ target, input }) => {
        const value = String.fromCharCode(97 + (input % 26)).repeat(valueBytes);
        await target.http.put('/branches/main/keys/kv/attachment', { value });
      },
      destroy: () => undefined,
    }),
  },
  defects: {
    'wal-handles': {
      summary: 'a segment stays open when the next one begins',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['000-04'],
});
