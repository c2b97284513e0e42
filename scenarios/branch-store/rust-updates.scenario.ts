import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';

export default defineScenario({
  name: 'branch-store/rust-updates',
  summary: 'one hot key of the store in Rust: write it again and again',
  target: rustService('branch-store'),
  operations: {
    update: operation({
      create: async ({ target: { http } }) => {
        await http.put('/branches/main/keys/hot');
      },
      destroy: async (_, { target: { http } }) => {
        await http.get('/branches/main/keys/hot');
      },
    }),
  },
  concurrency: 8,
  defects: {
    'version-chains': {
      summary: 'old versions are never collected: each is a block of 64 B',
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 1 },
    },
  },
});
