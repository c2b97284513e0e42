import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineScenario, operation } from '../../harness/index.js';
import { databaseFiles, storeGaugeKinds, storeGauges, storeSettle, storeTarget } from './store-target.js';

export default defineScenario({
  name: 'branch-store/manifest',
  summary: 'a database whose manifest cannot be put in place: try to create it, clear the way, create and delete it',
  target: storeTarget,
  operations: {
    database: operation({
      create: async ({ target, cycle }) => {
        const name = `blocked-${cycle}`;
        const { manifest } = databaseFiles(target, name);
        // A directory that is not empty is in the way: the rename fails, as it does on a full or read-only disk.
        await mkdir(join(manifest, 'in-the-way'), { recursive: true });
        await target.http.request('POST', '/databases', { body: { name }, accept: [500] });
        await rm(manifest, { recursive: true });
        const other = `free-${cycle}`;
        await target.http.post('/databases', { name: other, checkpoints: 'manual' });
        return other;
      },
      destroy: (name, { target }) => target.http.delete(`/databases/${name}`),
    }),
  },
  gauges: storeGauges,
  gaugeKinds: storeGaugeKinds,
  settle: storeSettle,
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
