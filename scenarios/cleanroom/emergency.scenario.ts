import { type CycleContext, defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import type { Numbered } from './client/ask.js';
import { endRunner, type Runner, startRunner } from './client/runner-cycle.js';
import { countRunning, endSession, openSession } from './client/session-cycle.js';

/** A container of another run, which must outlive every clean-up. */
const bystanders = new WeakMap<ScenarioTarget, Numbered>();

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/emergency',
  summary: 'a process with a container is killed, and what it leaves behind is cleaned up by the id of its run',
  async setup({ target }) {
    bystanders.set(target, await openSession({ target }, { containers: 1 }));
  },
  async teardown({ target }) {
    const bystander = bystanders.get(target);
    if (bystander !== undefined) await endSession(bystander, { target });
  },
  operations: {
    run: operation({
      create: (context) => startRunner(context, { ending: 'wait', containers: 1, guards: 0 }),
      destroy: killAndCleanUp,
    }),
  },
  defects: {
    'emergency-stops-only': {
      summary: 'containers are stopped; their volumes and networks stay',
      audit: ['001-22'],
      expect: { verdict: 'leak', metric: 'gauge.volumes', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['001-21'],
});

async function killAndCleanUp(runner: Runner, context: CycleContext): Promise<void> {
  await endRunner(runner, context, 'SIGKILL');
  const { target } = context;
  const cleaned = await target.http.post(`/runs/${runner.runId}/cleanup`);
  const { running } = cleaned.json<{ running: number }>();
  if (running !== 0) throw new Error(`run ${runner.runId}: ${running} containers survived the clean-up`);
  const bystander = bystanders.get(target);
  if (bystander !== undefined && (await countRunning(bystander, { target })) !== 1) {
    throw new Error(`run ${runner.runId}: its clean-up ended a container of another run`);
  }
}
