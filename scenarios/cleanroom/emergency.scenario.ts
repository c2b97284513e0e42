import { type CycleContext, defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, type Numbered, take } from './client/ask.js';
import { countRunning, endSession, openSession } from './client/session-cycle.js';

const containersPerRun = 4;

interface Holder extends Numbered {
  readonly runId: string;
}

/** A container of another run, which must outlive every clean-up. */
const bystanders = new WeakMap<ScenarioTarget, Numbered>();

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/emergency',
  summary: 'a process that holds four containers is killed; what it leaves behind is cleaned up by the id of its run',
  async setup({ target }) {
    bystanders.set(target, await openSession({ target }, { containers: 1 }));
  },
  async teardown({ target }) {
    const bystander = bystanders.get(target);
    if (bystander !== undefined) await endSession(bystander, { target });
  },
  operations: {
    run: operation({
      create: async ({ target }) => (await take(target, '/holders', { containers: containersPerRun })) as Holder,
      destroy: killAndCleanUp,
    }),
  },
  defects: {
    'emergency-stops-only': {
      summary: 'containers are stopped; their volumes and networks stay',
      audit: ['001-22'],
      expect: { verdict: 'leak', metric: 'gauge.volumes', shape: 'linear', perCycle: 4 },
    },
  },
  sound: ['001-21'],
});

async function killAndCleanUp({ id, runId }: Holder, { target }: CycleContext): Promise<void> {
  await giveBack(target, `/holders/${id}`);
  const cleaned = await target.http.post(`/runs/${runId}/cleanup`);
  const { running } = cleaned.json<{ running: number }>();
  if (running !== 0) throw new Error(`run ${runId}: ${running} containers survived the clean-up`);
  const bystander = bystanders.get(target);
  if (bystander !== undefined && (await countRunning(bystander, { target })) !== 1) {
    throw new Error(`run ${runId}: its clean-up ended a container of another run`);
  }
}
