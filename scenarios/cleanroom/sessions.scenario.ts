import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { endSession, openSession } from './client/session-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/sessions',
  summary: 'a session of two containers in a service that stays: open, end',
  operations: {
    session: operation({ create: (context) => openSession(context, { containers: 2 }), destroy: endSession }),
  },
  defects: {
    'session-guard-detached': {
      summary: 'nobody waits for the containers to end, and they do: the process is there to see to it',
      expect: { verdict: 'plateau' },
    },
  },
});
