import { defineScenario, operation } from '../../harness/index.js';
import { putHotKey } from './hot-key.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/updates',
  summary: 'one hot key: write it again and again',
  ...storeScenario,
  operations: {
    update: operation({ create: putHotKey, destroy: () => undefined }),
  },
  defects: {
    'version-chains': {
      summary: 'old versions are never collected',
      audit: ['000-13'],
      expect: { verdict: 'leak', metric: 'gauge.versions', shape: 'linear', perCycle: 1 },
    },
    'gc-on-demand': {
      summary: 'old versions are collected when somebody asks, and nobody does',
      expect: { verdict: 'leak', metric: 'gauge.versions', shape: 'linear', perCycle: 1 },
    },
    'gc-keeps-tombstones': {
      summary: 'a collector that keeps one version of every key: enough for a key that lives on',
      expect: { verdict: 'plateau' },
    },
    'long-reader': {
      summary: 'a report reads at one version for 200 commits: versions pile up, and go when it ends',
      expect: { verdict: 'plateau' },
    },
  },
});
