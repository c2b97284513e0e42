import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { ports } from './client/connections.js';
import { type HandshakeOutcome, openVisitor, type Visitor } from './client/visitor.js';
import { meshScenario } from './mesh-scenario.js';
import { blockedPeer } from './mesh-target.js';
import { createIdentity } from './protocol/identity.js';

const welcomePeer = createIdentity();

export default defineScenario({
  ...meshScenario,
  name: 'mesh/incoming',
  summary: 'a handshake over UDP that is accepted after a retry and closed again, a blocked one, and one of nonsense',
  operations: { visit: operation({ create: visit, destroy: leave }) },
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

/** Who sends nonsense or is blocked does not care what becomes of it; who is welcome does. */
async function visit({ target }: CycleContext): Promise<Visitor> {
  const { datagramPort } = ports.of(target);
  const visitor = await openVisitor(datagramPort);
  try {
    await visitor.mumble(welcomePeer);
    expectOutcome(await visitor.knock(blockedPeer), 'unanswered');
    expectOutcome(await visitor.knock(welcomePeer), 'accepted');
    return visitor;
  } catch (error) {
    visitor.close();
    throw error;
  }
}

async function leave(visitor: Visitor): Promise<void> {
  await visitor.leave();
  visitor.close();
}

function expectOutcome(got: HandshakeOutcome, wanted: HandshakeOutcome): void {
  if (got !== wanted) throw new Error(`handshake: expected to be ${wanted}, got ${got}`);
}
