import { defineScenario, operation } from '../../harness/index.js';
import { keysOfEveryKind } from './branch-contents.js';
import { createBranch, deleteBranch } from './branch-cycle.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/branches',
  summary: 'a branch: create it, commit keys of every kind, delete it',
  ...storeScenario,
  operations: {
    branch: operation({
      create: (context) => createBranch(context, keysOfEveryKind(context.input)),
      destroy: deleteBranch,
    }),
  },
  concurrency: 8,
  defects: {
    'commit-locks': {
      summary: "a branch's commit lock stays when the branch is deleted",
      audit: ['000-12'],
      expect: { verdict: 'leak', metric: 'gauge.commitLocks', shape: 'linear', perCycle: 1 },
    },
    'vector-backends': {
      summary: "a deleted branch's vectors stay in memory: 16 x 32 floats",
      audit: ['000-18'],
      expect: { verdict: 'leak', metric: 'arrayBuffers', shape: 'linear', perCycle: 2048 },
    },
    'search-postings': {
      summary: "a deleted branch's documents stay in the search index: 8 terms",
      expect: { verdict: 'leak', metric: 'gauge.postings', shape: 'linear', perCycle: 8 },
    },
    'version-chains': {
      summary: 'old versions are never collected: the catalogue keeps each branch and its deletion',
      expect: { verdict: 'leak', metric: 'gauge.versions', shape: 'linear', perCycle: 2 },
    },
    'deleting-unmarked': {
      summary: 'the set of branches being deleted, which corrects the race of commit and deletion, is never emptied',
      expect: { verdict: 'leak', metric: 'gauge.deletingBranches', shape: 'linear', perCycle: 1 },
    },
    'wal-handles': {
      summary: 'a log segment stays open when the next one begins',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear' },
    },
  },
  sound: ['000-16'],
});
