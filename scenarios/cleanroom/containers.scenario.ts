import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endSession, openSession } from './client/session-cycle.js';

/** Every so many containers does not end when it is asked to. */
const stubbornEvery = 5;

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/containers',
  summary: 'a container, started and stopped; every fifth does not listen',
  operations: {
    container: operation({
      create: (context) => openSession(context, { containers: 1, stubborn: context.cycle % stubbornEvery === 0 }),
      destroy: endSession,
    }),
  },
  defects: {
    'stop-unverified': {
      summary: 'a container is asked to stop and taken for stopped',
      audit: ['001-14'],
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 0.2 },
    },
  },
});
