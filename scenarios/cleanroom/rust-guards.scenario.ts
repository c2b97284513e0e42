import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';

/** The registry has no time for every so many containers when they are given back. */
const busyEvery = 5;
const leakOf = (metric: string, perCycle: number) => ({ verdict: 'leak', metric, shape: 'linear', perCycle }) as const;

export default defineScenario({
  name: 'cleanroom/rust-guards',
  summary: 'the cleanroom in Rust: a container under a guard, taken and dropped; every fifth finds the registry busy',
  target: rustService('cleanroom'),
  operations: {
    container: operation({
      async create({ target: { http }, cycle }) {
        // Of one length: a longer name would take a larger block.
        const path = `/containers/${String(cycle).padStart(9, '0')}`;
        await http.post(`${path}/${cycle % busyEvery === 0 ? 'busy' : 'calm'}`);
        return path;
      },
      async destroy(path, { target: { http } }) {
        await http.delete(path);
      },
    }),
  },
  universe: 256,
  concurrency: 4,
  defects: {
    'container-guard-detached': {
      summary:
        'the guard unregisters in a task that nobody waits for, and whose failure nobody sees: a name in the registry',
      audit: ['001-02', '001-23'],
      expect: leakOf('allocations', 1 / busyEvery),
    },
    'monitors-never-cleared': {
      summary: 'the handle of a health check is dropped without an abort: its task, its timer and its name go on',
      audit: ['001-08'],
      expect: leakOf('allocations', 3),
    },
    'coverage-kept': {
      summary: 'nobody removes coverage profiles',
      audit: ['001-12'],
      expect: leakOf('tempFiles', 1),
    },
    'artifacts-kept': {
      summary: 'nobody removes artifacts: the directory stays one, what is in it does not',
      audit: ['001-13'],
      expect: leakOf('tempFiles', 1),
    },
  },
});
