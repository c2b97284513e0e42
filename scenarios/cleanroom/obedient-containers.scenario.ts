import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endSession, openSession } from './client/session-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/obedient-containers',
  summary: 'a container that stops when it is asked to, started and stopped',
  operations: {
    container: operation({ create: (context) => openSession(context, { containers: 1 }), destroy: endSession }),
  },
  defects: {
    'stop-unverified': {
      summary: 'nobody makes sure, and nobody would have had to',
      expect: { verdict: 'plateau' },
    },
  },
});
