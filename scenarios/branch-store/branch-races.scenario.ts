import { defineScenario, operation } from '../../harness/index.js';
import { createBranch } from './branch-cycle.js';
import { storeScenario } from './store-target.js';

export default defineScenario({
  name: 'branch-store/branch-races',
  summary: 'a branch with an open transaction: delete the branch and commit the transaction at the same time',
  ...storeScenario,
  operations: {
    branch: operation({
      create: async (context) => {
        const { http } = context.target;
        const name = await createBranch(context);
        const { id } = (await http.post('/transactions', { branch: name })).json<{ id: number }>();
        await http.post(`/transactions/${id}/writes`, {
          writes: [{ family: 'kv', key: 'late', value: context.input }],
        });
        return { name, id };
      },
      destroy: async ({ name, id }, { target: { http } }) => {
        const deleted = http.delete(`/branches/${name}`);
        // The commit is refused when the deletion came first.
        await http.post(`/transactions/${id}/commit`, undefined, { accept: [404] });
        await deleted;
      },
    }),
  },
  concurrency: 8,
  defects: {
    'commit-locks': {
      summary: "a branch's commit lock stays when the branch is deleted, until the fix below",
      expect: { verdict: 'leak', metric: 'gauge.commitLocks' },
    },
    'fixed-racy': {
      summary: 'deletion removes the commit lock but does not wait for commits under way, which make it anew',
      expect: { verdict: 'leak', metric: 'gauge.commitLocks' },
    },
  },
});
