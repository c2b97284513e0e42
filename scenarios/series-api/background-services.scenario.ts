import { defineScenario, operation } from '../../harness/index.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

export default defineScenario({
  name: 'series-api/background-services',
  summary: 'three background services of which one cannot start, its port is taken: start, stop',
  target: seriesTarget(),
  operations: {
    start: operation({
      create: ({ target }) => target.http.post('/background', { linePort: target.port }, { accept: [500] }),
      async destroy(_started, { target }) {
        await target.http.delete('/background');
      },
    }),
  },
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'aborted-start': {
      summary: 'the first failure ends the start, and nobody stops what had been started by then',
      audit: ['004-09'],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 },
    },
    'exit-on-failed-start': {
      summary: 'one service that cannot start takes the process with it',
      audit: ['004-09'],
      expect: { verdict: 'crashed' },
    },
  },
});
