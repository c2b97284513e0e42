import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import type { Numbered } from './client/ask.js';
import { endRunner, startRunner } from './client/runner-cycle.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/interrupted-runners',
  summary: 'a process with a container and ten guards that crashes, or is sent SIGTERM in the middle of its work',
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: { runner: operation({ create: start, destroy: end }) },
  concurrency: 2,
  // A cycle is a process: few of them fit into a round that is sized by time.
  cycles: 4,
  defects: {
    'crash-drops-cleanups': {
      summary: 'an error that nobody catches takes the process with it, and all that it had begun to give back',
      audit: ['001-28'],
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 0.5 },
    },
    'sigterm-drops-cleanups': {
      summary: 'SIGTERM ends the process before anything is given back',
      expect: { verdict: 'leak', metric: 'children', shape: 'linear', perCycle: 0.5 },
    },
  },
});

function crashes({ cycle }: CycleContext): boolean {
  return cycle % 2 === 0;
}

function start(context: CycleContext): Promise<Numbered> {
  return startRunner(context, { ending: crashes(context) ? 'crash' : 'wait', containers: 1, guards: 10 });
}

function end(runner: Numbered, context: CycleContext): Promise<void> {
  return endRunner(runner, context, !crashes(context));
}
