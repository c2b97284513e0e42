import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, type Numbered, take } from './client/ask.js';

const holders = 2;
/** Every so many environments hands in its figures to a collector that does not answer. */
const stallEvery = 5;

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/environments',
  summary: 'an environment that two holders share and let go; every fifth time its collector does not answer',
  concurrency: 4,
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: { environment: operation({ create, destroy }) },
  defects: {
    'environment-retained': {
      summary: 'a clean-up without a time limit waits for ever, and holds its environment',
      audit: ['001-11'],
      expect: { verdict: 'leak', metric: 'gauge.environments', shape: 'linear', perCycle: 0.2 },
    },
    'metrics-loop-survives': {
      summary: 'the metrics loop of an environment outlives it, and keeps sampling',
      audit: ['001-25'],
      expect: { verdict: 'leak', metric: 'gauge.metricsLoops', shape: 'linear', perCycle: 1 },
    },
  },
  sound: ['001-01', '001-10'],
});

function create({ target, cycle }: CycleContext): Promise<Numbered> {
  return take(target, '/environments', { holders, stall: cycle % stallEvery === 0 });
}

async function destroy({ id }: Numbered, { target }: CycleContext): Promise<void> {
  for (let holder = 1; holder <= holders; holder += 1) {
    const { last } = (await giveBack(target, `/environments/${id}/holder`)).json<{ last: boolean }>();
    if (last !== (holder === holders)) throw new Error(`environment ${id}: it does not know its holders`);
  }
}
