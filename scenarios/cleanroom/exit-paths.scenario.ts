import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, type Numbered } from './client/ask.js';

const exits = ['end', 'early', 'throw'] as const;
/** Every so many scopes has settings that turn out to be wrong when its container is up. */
const faultyEvery = 10;

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/exit-paths',
  summary: 'a scope with a container, left at its end, early, or by an error; every tenth fails while it is entered',
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: { scope: operation({ create: enter, destroy: leave }) },
  defects: {
    'throw-before-registration': {
      summary: 'a container is taken note of after all that can fail: what fails leaves it to nobody',
      audit: ['001-19'],
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 0.1 },
    },
  },
  sound: ['001-26', '001-27'],
});

async function enter({ target, cycle }: CycleContext): Promise<Numbered | undefined> {
  const faulty = cycle % faultyEvery === 0;
  const answer = await target.http.post('/scopes', { faulty }, { accept: [422] });
  if (faulty !== (answer.status === 422)) throw new Error(`scope: expected ${faulty ? 'no ' : ''}entry`);
  return faulty ? undefined : answer.json<Numbered>();
}

async function leave(scope: Numbered | undefined, { target, random }: CycleContext): Promise<void> {
  if (scope === undefined) return;
  const exit = exits[Math.floor(random() * exits.length)]!;
  await giveBack(target, `/scopes/${scope.id}?exit=${exit}`);
}
