import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';

/** Every so many environments hand in their report to a collector that does not answer. */
const stallEvery = 5;

export default defineScenario({
  name: 'cleanroom/rust-environments',
  summary: 'an environment of the cleanroom in Rust, started and cleaned up; every fifth meets a collector that stalls',
  target: rustService('cleanroom'),
  operations: {
    environment: operation({
      async create({ target: { http }, cycle }) {
        const path = `/environments/${String(cycle).padStart(9, '0')}`;
        await http.post(path);
        return path;
      },
      async destroy(path, { target: { http }, cycle }) {
        await http.delete(`${path}/${cycle % stallEvery === 0 ? 'stalled' : 'ready'}`);
      },
    }),
  },
  universe: 256,
  concurrency: 4,
  defects: {
    'environment-retained': {
      summary:
        'a task without a time limit waits for the collector, and holds its environment and both ends of a socket',
      audit: ['001-11'],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 2 / stallEvery },
    },
    'metrics-loop-survives': {
      summary: 'the metrics loop of an environment outlives it: the environment, its task and its timer stay',
      audit: ['001-25'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 3 },
    },
  },
});
