import { defineScenario, operation } from '../../harness/index.js';
import { createBranch, deleteBranch } from './branch-cycle.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/branches-without-commit',
  summary: 'a branch: create it, delete it; what the first commit makes is never made',
  ...storeScenario,
  operations: {
    branch: operation({ create: (context) => createBranch(context), destroy: deleteBranch }),
  },
  concurrency: 8,
  defects: {
    'commit-locks': {
      summary: 'a commit lock that stays when its branch is deleted: without a commit there is none',
      expect: { verdict: 'plateau' },
    },
  },
});
