import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';

export default defineScenario({
  name: 'branch-store/rust-branches',
  summary: 'a branch of the store in Rust: create it, commit a key, fill a collection, delete it',
  target: rustService('branch-store'),
  // A name is used once and then deleted: what stays for a name is no cache of names.
  universe: 256,
  operations: {
    branch: operation({
      create: async ({ target: { http }, cycle }) => {
        // Of one length: a longer name would take a larger block.
        const path = `/branches/feature-${String(cycle).padStart(9, '0')}`;
        await http.post(path);
        await http.put(`${path}/keys/owner`);
        await http.post(`${path}/collections/notes`);
        return path;
      },
      destroy: async (path, { target: { http } }) => {
        await http.delete(path);
      },
    }),
  },
  concurrency: 8,
  defects: {
    'commit-locks': {
      summary: "a branch's commit lock stays when the branch is deleted: its name is a block",
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 1 },
    },
    'vector-backends': {
      summary: "a deleted branch's vectors stay in memory: 16 x 32 floats, their backend, and two names",
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 4 },
    },
  },
});
