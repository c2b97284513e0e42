import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endRunner, startRunner } from './client/runner-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/guard-runners',
  summary: 'a process that takes twenty guards, drops them and ends at once',
  operations: {
    runner: operation({
      create: (context) => startRunner(context, { ending: 'end', containers: 0, guards: 20 }),
      destroy: (runner, context) => endRunner(runner, context),
    }),
  },
  concurrency: 2,
  // A cycle is a process: few of them fit into a round that is sized by time.
  cycles: 4,
  defects: {
    'exit-drops-cleanups': {
      summary: 'the process ends in the tick that the guards and its session are dropped in: 21 clean-ups get nowhere',
      audit: ['001-15'],
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 21 },
    },
  },
});
