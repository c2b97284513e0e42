import { defineScenario, operation } from '../../harness/index.js';
import { StoreSession } from './store-session.js';
import { storeScenario, storeStats } from './store-target.js';

export default defineScenario({
  name: 'branch-store/sessions',
  summary: 'a session on a TCP connection: open it, begin a transaction, write, cut the connection',
  ...storeScenario,
  operations: {
    session: operation({
      create: async ({ target, cycle, input }) => {
        const { sessionPort } = await storeStats(target);
        const session = await StoreSession.connect(sessionPort);
        await session.ask('BEGIN main');
        await session.ask(`PUT kv/draft-${cycle} ${input}`);
        return session;
      },
      destroy: (session) => session.cut(),
    }),
  },
  concurrency: 4,
  settle: {
    until: async ({ target }) => {
      const { isQuiet, gauges } = await storeStats(target);
      return isQuiet && gauges.sessions === 0;
    },
  },
  defects: {
    'session-orphans': {
      summary: 'a session that ends in mid-transaction does not give its context back',
      expect: { verdict: 'leak', metric: 'gauge.contextsAcquired', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['000-02'],
});
