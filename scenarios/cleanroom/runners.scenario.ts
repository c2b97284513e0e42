import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endRunner, startRunner } from './client/runner-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/runners',
  summary: 'a process that takes a session of two containers, drops it and ends at once',
  operations: {
    runner: operation({
      create: (context) => startRunner(context, { ending: 'end', containers: 2, guards: 0 }),
      destroy: (runner, context) => endRunner(runner, context),
    }),
  },
  concurrency: 2,
  // A cycle is a process: few of them fit into a round that is sized by time.
  cycles: 4,
  defects: {
    'session-guard-detached': {
      summary: 'the process ends while its session is still asking its containers to',
      audit: ['001-04'],
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 2 },
    },
  },
});
