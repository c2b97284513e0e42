import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveFixtureBack, takeFixture } from './client/fixture-cycle.js';

/** Every so many fixtures finds the registry busy when it is given back. */
const busyEvery = 5;

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/guards',
  summary: 'a container, a health and a resource guard, taken and dropped; every fifth time the registry is busy',
  concurrency: 4,
  operations: {
    fixture: operation({
      create: (context) => takeFixture(context, { flaky: context.cycle % busyEvery === 0 }),
      destroy: giveFixtureBack,
    }),
  },
  defects: {
    'container-guard-detached': {
      summary: 'the container guard unregisters in a task that nobody waits for, and whose failure nobody sees',
      audit: ['001-02', '001-23'],
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 0.2 },
    },
    'health-guard-detached': {
      summary: 'the same in the health guard',
      audit: ['001-06'],
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 0.2 },
    },
    'resource-guard-detached': {
      summary: 'the same in the resource guard',
      audit: ['001-07'],
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 0.2 },
    },
    'fix-that-does-nothing': {
      summary: 'a synchronous clean-up that reports success and unregisters nothing',
      expect: { verdict: 'leak', metric: 'gauge.registered', shape: 'linear', perCycle: 3 },
    },
    'fix-that-hangs': {
      summary: 'the guard blocks until it is unregistered, on the thread that would have to do it',
      expect: { verdict: 'stalled' },
    },
  },
  sound: ['001-03', '001-05'],
  static: {
    '001-09': 'that nothing is forgotten on purpose is a property of the source text, which a run does not read',
    '001-20': 'that only tests panic is a property of the source text, which a run does not read',
  },
});
