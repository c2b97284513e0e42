import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomGauges, cleanroomTarget } from './cleanroom-scenario.js';
import { endSession, openSession } from './client/session-cycle.js';

const stubbornEvery = 5;

export default defineScenario({
  name: 'cleanroom/docker-containers',
  summary: 'a container by Docker where a daemon answers, by processes (and says so) where none does',
  target: (plan) => cleanroomTarget(plan, 'docker'),
  async setup({ target }) {
    const { reason } = (await target.http.get('/runtime')).json<{ reason?: string }>();
    if (reason !== undefined) process.stderr.write(`cleanroom/docker-containers uses processes: ${reason}\n`);
  },
  operations: {
    container: operation({
      create: (context) => openSession(context, { containers: 1, stubborn: context.cycle % stubbornEvery === 0 }),
      destroy: endSession,
    }),
  },
  gauges: cleanroomGauges,
  defects: {
    'stop-unverified': {
      summary: 'a container is asked to stop and taken for stopped',
      audit: ['001-14'],
      // What decides depends on what containers are: processes of this machine, or entries of the daemon.
      expect: { verdict: 'leak' },
    },
  },
});
