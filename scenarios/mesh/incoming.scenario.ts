import { defineScenario, operation } from '../../harness/index.js';
import { leaveDoor, visit } from './client/visit-cycle.js';
import { meshScenario } from './mesh-scenario.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/incoming',
  summary: 'a handshake over UDP that is accepted after a retry and closed again, a blocked one, and one of nonsense',
  operations: { visit: operation({ create: visit, destroy: leaveDoor }) },
  defects: {
    'incoming-dropped': {
      summary: 'a handshake that the handler stumbles over gets no answer and keeps its place (65,536 there are)',
      audit: ['002-09'],
      expect: { verdict: 'leak', metric: 'gauge.incoming', shape: 'linear', perCycle: 1 },
    },
    'incoming-dropped-until-full': {
      summary: 'the same with 256 places: when they are taken, nobody gets in any more',
      audit: ['002-10'],
      expect: { verdict: 'refusing' },
    },
  },
  sound: ['002-11'],
});
