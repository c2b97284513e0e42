import { defineScenario, operation } from '../../harness/index.js';
import { dropGroup, openGroup } from './client/stream-cycle.js';
import { meshGaugeKinds, meshGauges, meshTarget } from './mesh-target.js';

export default defineScenario({
  name: 'mesh/event-streams',
  summary: 'sixteen event streams, dropped in one go: more notices than fit into the inbox of their actor',
  target: meshTarget,
  concurrency: 4,
  operations: {
    group: operation({
      create: openGroup,
      destroy: (group, context) => dropGroup(group, context, { restart: false }),
    }),
  },
  gauges: meshGauges,
  gaugeKinds: meshGaugeKinds,
  defects: {
    'untracked-retries': {
      summary: 'notices that find the inbox full are sent by tasks nobody knows: they pile up, and drain again',
      audit: ['002-15'],
      expect: { verdict: 'plateau' },
    },
    'stuck-hub': {
      summary: 'the actor hangs: all notices find its inbox full, and their tasks wait for ever',
      audit: ['002-15'],
      expect: { verdict: 'leak', metric: 'gauge.pendingSends', shape: 'linear', perCycle: 16 },
    },
    'notice-on-closed-port': {
      summary: 'a stream says goodbye through a port that it has closed: no error, and nobody hears it',
      audit: ['002-16'],
      expect: { verdict: 'leak', metric: 'gauge.receivers', shape: 'linear', perCycle: 16 },
    },
  },
});
