import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endRunner, startRunner } from './client/runner-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/runners',
  summary: 'a process that takes two containers and twenty guards, drops them and ends at once',
  operations: {
    runner: operation({
      create: (context) => startRunner(context, { ending: 'end', containers: 2, guards: 20 }),
      destroy: (runner, context) => endRunner(runner, context),
    }),
  },
  defects: {
    'exit-drops-cleanups': {
      summary:
        'the process ends in the tick that the guards are dropped in: none of their tasks gets anywhere, the session neither',
      audit: ['001-15'],
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 21 },
    },
    'session-guard-detached': {
      summary: 'the process ends while its session is still asking its containers to',
      audit: ['001-04'],
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 2 },
    },
  },
});
