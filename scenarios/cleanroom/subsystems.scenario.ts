import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, take } from './client/ask.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/subsystems',
  summary: 'an executor on a thread of its own and a producer that feeds it, started and stopped',
  operations: {
    subsystem: operation({
      create: ({ target }) => take(target, '/subsystems'),
      destroy: ({ id }, { target }) => giveBack(target, `/subsystems/${id}`),
    }),
  },
  defects: {
    'untracked-executor': {
      summary: 'the producer is stopped, the executor is not: nobody has kept its handle',
      expect: { verdict: 'leak', metric: 'threads', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['001-16'],
});
