import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveFixtureBack, takeFixture } from './client/fixture-cycle.js';

const summary = 'a detached clean-up that meets no failure comes to its end';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/calm-guards',
  summary: 'a container, a health and a resource guard, taken and dropped; the registry always has time',
  concurrency: 4,
  operations: {
    fixture: operation({
      create: (context) => takeFixture(context, { flaky: false }),
      destroy: giveFixtureBack,
    }),
  },
  defects: {
    'container-guard-detached': { summary, expect: { verdict: 'plateau' } },
    'health-guard-detached': { summary, expect: { verdict: 'plateau' } },
    'resource-guard-detached': { summary, expect: { verdict: 'plateau' } },
  },
});
