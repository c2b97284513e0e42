import { defineScenario, operation } from '../../harness/index.js';
import { createBranch, deleteBranch } from './branch-cycle.js';
import { storeScenario, storeStats } from './store-target.js';

/** 4 documents of 8 terms; the terms are the same 32 every time, so that only postings can grow. */
const documents = ['river', 'harbour', 'market', 'orchard'].map((place, index) => ({
  family: 'document',
  key: `guide-${index}`,
  value: Array.from({ length: 8 }, (_, term) => `${place}${term}`).join(' '),
}));

export default defineScenario({
  name: 'branch-store/search',
  summary: 'a branch with 4 documents of 8 terms: create it, search, delete it',
  ...storeScenario,
  operations: {
    branch: operation({
      create: async (context) => {
        const name = await createBranch(context, documents);
        await context.target.http.get('/search?q=river3');
        return name;
      },
      destroy: deleteBranch,
    }),
  },
  concurrency: 8,
  gauges: async ({ target }) => {
    const { hits } = (await target.http.get('/search?q=river3')).json<{ hits: unknown[] }>();
    // No branch is left at a floor: whatever is found was deleted.
    return { ...(await storeStats(target)).gauges, staleHits: hits.length };
  },
  defects: {
    'search-postings': {
      summary: "a deleted branch's documents stay in the search index, and are found",
      audit: ['000-17'],
      expect: { verdict: 'leak', metric: 'gauge.postings', shape: 'linear', perCycle: 32 },
    },
  },
});
