import { defineScenario, operation } from '../../harness/index.js';
import { cleanroomScenario } from './cleanroom-scenario.js';
import { giveBack, take } from './client/ask.js';

export default defineScenario({
  ...cleanroomScenario,
  name: 'cleanroom/monitors',
  summary: 'a health monitor that looks once a second, started and stopped',
  concurrency: 4,
  operations: {
    monitor: operation({
      create: ({ target }) => take(target, '/monitors'),
      destroy: ({ id }, { target }) => giveBack(target, `/monitors/${id}`),
    }),
  },
  defects: {
    'monitors-never-cleared': {
      summary: 'a monitor that was asked to stop goes on waking up, for ever',
      audit: ['001-08'],
      expect: { verdict: 'leak', metric: 'gauge.monitors', shape: 'linear', perCycle: 1 },
    },
    'monitor-abort-lags': {
      summary: 'a monitor that was asked to stop finds out within a second: as many linger as a second brings',
      audit: ['001-24'],
      expect: { verdict: 'plateau' },
    },
  },
});
