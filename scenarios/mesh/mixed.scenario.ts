import { defineScenario, operation } from '../../harness/index.js';
import { joinMesh, knownIdentity } from './client/connections.js';
import { forgetTransfer, provider, startTransfer } from './client/content-cycle.js';
import { publish } from './client/operation-cycle.js';
import { depart, topicsOf } from './client/peer-cycle.js';
import { dropGroup, openGroup } from './client/stream-cycle.js';
import { closePair, openPair } from './client/subscription-cycle.js';
import { leaveDoor, visit } from './client/visit-cycle.js';
import { meshScenario } from './mesh-scenario.js';
import { createIdentity } from './protocol/identity.js';

export default defineScenario({
  ...meshScenario,
  name: 'mesh/mixed',
  summary:
    'a day of a node: peers new and known, topics, operations, handshakes, downloads (a real day: --duration 24h)',
  async setup(context) {
    await meshScenario.setup(context);
    await provider.open(context.target);
  },
  async teardown(context) {
    await provider.close(context.target);
    await meshScenario.teardown(context);
  },
  operations: {
    knownPeer: operation({
      weight: 2,
      create: (context) =>
        joinMesh(context, {
          identity: knownIdentity(context.input),
          address: context.input,
          topics: topicsOf(context.input),
        }),
      destroy: depart,
    }),
    newPeer: operation({
      create: (context) =>
        joinMesh(context, { identity: createIdentity(), address: context.cycle, topics: topicsOf(context.input) }),
      destroy: depart,
    }),
    pair: operation({ create: (context) => openPair(context, `room/${context.input % 16}`), destroy: closePair }),
    operation: operation({ weight: 4, create: publish, destroy: () => undefined }),
    visit: operation({ create: visit, destroy: leaveDoor }),
    download: operation({
      create: (context) => startTransfer(context, 'downloads', context.cycle),
      destroy: (transfer, context) => forgetTransfer(transfer, context, 'downloads'),
    }),
    streams: operation({
      create: openGroup,
      destroy: (group, context) => dropGroup(group, context, { restart: false }),
    }),
  },
  universe: 64,
  concurrency: 4,
  defects: {
    'addresses-kept': {
      summary: 'an address for each new peer',
      audit: ['002-01'],
      expect: { verdict: 'leak', metric: 'gauge.peerAddresses', shape: 'linear' },
    },
    'detached-downloads': {
      summary: 'a task for every second download',
      audit: ['002-13'],
      expect: { verdict: 'leak', metric: 'gauge.downloadTasks', shape: 'linear' },
    },
  },
});
