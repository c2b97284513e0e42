import { defineScenario, operation } from '../../harness/index.js';
import { keysOfEveryKind } from './branch-contents.js';
import { createBranch, deleteBranch } from './branch-cycle.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/branches-tidied',
  summary: 'a branch: create it, commit keys of every kind, delete its collection, then the branch',
  ...storeScenario,
  operations: {
    branch: operation({
      create: (context) => createBranch(context, keysOfEveryKind(context.input)),
      destroy: async (name, context) => {
        await context.target.http.delete(`/branches/${name}/collections/notes`);
        await deleteBranch(name, context);
      },
    }),
  },
  concurrency: 8,
  defects: {
    'vector-backends': {
      summary: 'vectors that stay when their branch is deleted: a collection deleted by itself goes',
      expect: { verdict: 'plateau' },
    },
  },
});
