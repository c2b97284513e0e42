import { defineScenario, operation } from '../../harness/index.js';
import { blockFile, databaseFiles, storeScenario } from './store-target.js';

const name = 'blocked';

export default defineScenario({
  name: 'branch-store/manifest-one-database',
  summary: 'one database whose manifest cannot be put in place: try to write it',
  ...storeScenario,
  setup: async ({ target }) => {
    await target.http.post('/databases', { name, checkpoints: 'manual' });
    await blockFile(databaseFiles(target, name).manifest);
  },
  operations: {
    attempt: operation({
      create: async ({ target }) => {
        await target.http.request('POST', `/databases/${name}/manifest`, { accept: [500] });
      },
      destroy: () => undefined,
    }),
  },
  defects: {
    'rename-failure-temp': {
      summary: 'the temporary manifest stays when it cannot be renamed, and the next one takes its place: one in all',
      expect: { verdict: 'plateau' },
    },
  },
});
