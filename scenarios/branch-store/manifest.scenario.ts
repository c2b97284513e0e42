import { rm } from 'node:fs/promises';
import { defineScenario, operation } from '../../harness/index.js';
import { blockFile, databaseFiles, storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/manifest',
  summary: 'a database of its own: create it, fail to put its manifest in place, delete it',
  ...storeScenario,
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    database: operation({
      create: async ({ target, cycle }) => {
        const name = `blocked-${cycle}`;
        const { manifest } = databaseFiles(target, name);
        await target.http.post('/databases', { name, checkpoints: 'manual' });
        await blockFile(manifest);
        await target.http.request('POST', `/databases/${name}/manifest`, { accept: [500] });
        await rm(manifest, { recursive: true });
        return name;
      },
      destroy: (name, { target }) => target.http.delete(`/databases/${name}`),
    }),
  },
  concurrency: 4,
  defects: {
    'rename-failure-temp': {
      summary: 'the temporary manifest stays when it cannot be renamed: one a database',
      audit: ['000-08'],
      expect: { verdict: 'leak', metric: 'tempFiles', shape: 'linear', perCycle: 1 },
    },
    'directory-handle': {
      summary: 'a directory stays open after it was synced',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 2 },
    },
  },
  sound: ['000-06'],
});
