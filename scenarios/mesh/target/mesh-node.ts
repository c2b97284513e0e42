import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TaskSet } from './actors/task-set.js';
import type { Tasks } from './actors/tasks.js';
import { CounterKeepingGossipBuffer } from './defects/counter-keeping-gossip-buffer.js';
import { DetachedTasks } from './defects/detached-tasks.js';
import { EagerTopicStreams } from './defects/eager-topic-streams.js';
import { RacingEventHub, UnheardEventHub, UnsweptEventHub } from './defects/event-hubs.js';
import type { DefectName } from './defects/names.js';
import { UnprunedPeerSets } from './defects/unpruned-peer-sets.js';
import { WakerListNetworkState } from './defects/waker-list.js';
import { Downloads } from './downloads/downloads.js';
import { Imports } from './downloads/imports.js';
import { EventHub } from './events/event-hub.js';
import { StreamGroups } from './events/stream-groups.js';
import { Doorkeeper } from './incoming/doorkeeper.js';
import { Endpoint } from './incoming/endpoint.js';
import { IncomingSlab } from './incoming/incoming-slab.js';
import { OperationStore } from './operations/operation-store.js';
import { SeenIds } from './operations/seen-ids.js';
import { AddressBook } from './peers/address-book.js';
import { WatchedNetworkState } from './peers/network-state.js';
import { Outbox } from './peers/outbox.js';
import { listenForPeers, type PeerListener } from './peers/peer-listener.js';
import { ConnectedPeer, type SharedState } from './peers/peer-sessions.js';
import { PeerSets } from './peers/peer-sets.js';
import { GossipBuffer } from './topics/gossip-buffer.js';
import { TopicStreams } from './topics/topic-streams.js';

/** Peers, operations, ids and handshakes that the node is willing to hold. */
const capacity = {
  peers: 1_000,
  messagesPerAbsentPeer: 8,
  messagesPerSync: 64,
  operationsPerLog: 4,
  seenIds: 256,
  incoming: 65_536,
} as const;

const closeTimeoutMs = 1_000;

export interface MeshNode {
  readonly state: SharedState;
  readonly tasks: NodeTasks;
  readonly peers: PeerListener;
  readonly endpoint: Endpoint;
  readonly slab: IncomingSlab;
  readonly downloads: Downloads;
  readonly imports: Imports;
  readonly hub: EventHub;
  readonly groups: StreamGroups;
  /** Streams opened since the start: a counter that only goes up. */
  readonly nextStreamId: () => number;
  close(): Promise<void>;
}

/** All work beside the requests, by what it is for. */
export interface NodeTasks {
  readonly keepAlives: Tasks;
  readonly forwarders: Tasks;
  readonly downloads: Tasks;
  readonly imports: Tasks;
  readonly retries: Tasks;
}

/** Starts a node; sound unless defects are planted. Files go below `directory`, and `blocked` peers get no answer. */
export async function startNode(
  defects: ReadonlySet<DefectName>,
  { directory, blocked }: { readonly directory: string; readonly blocked: readonly string[] },
): Promise<MeshNode> {
  const tasks = createTasks(defects);
  const ids = streamIds(defects);
  const state = createState(defects, tasks, ids.next);
  const slab = new IncomingSlab(defects.has('incoming-dropped-until-full') ? 256 : capacity.incoming);
  const leaves = defects.has('incoming-dropped') || defects.has('incoming-dropped-until-full');
  const endpoint = new Endpoint({
    slab,
    doorkeeper: new Doorkeeper(blocked),
    whenAbandoned: leaves ? 'leave' : 'refuse',
  });
  await endpoint.listen();
  const peers = await listenForPeers((hello, connection) => new ConnectedPeer(state, hello, connection));
  const hub = createHub(defects, tasks.retries);
  const close = async () => {
    peers.close();
    state.streams.close();
    state.seen.close();
    await Promise.all([endpoint.close(), hub.close(), ...Object.values(tasks).map((set: Tasks) => set.close())]);
  };
  return {
    state,
    tasks,
    peers,
    endpoint,
    slab,
    hub,
    downloads: new Downloads(tasks.downloads),
    imports: new Imports(tasks.imports, join(directory, 'imports')),
    groups: new StreamGroups(hub),
    nextStreamId: ids.peek,
    // What has not ended by then is stuck, and would be for ever.
    close: () => Promise.race([close(), wait(closeTimeoutMs)]),
  };
}

function createTasks(defects: ReadonlySet<DefectName>): NodeTasks {
  const tasks = (detached: DefectName): Tasks => (defects.has(detached) ? new DetachedTasks() : new TaskSet());
  return {
    keepAlives: tasks('detached-drivers'),
    forwarders: new TaskSet(),
    downloads: tasks('detached-downloads'),
    imports: tasks('detached-imports'),
    retries: tasks('untracked-retries'),
  };
}

function createState(defects: ReadonlySet<DefectName>, tasks: NodeTasks, nextStreamId: () => number): SharedState {
  const sets = (kept: DefectName) => (defects.has(kept) ? new UnprunedPeerSets() : new PeerSets(capacity.peers));
  const Streams = defects.has('leave-topic-early') ? EagerTopicStreams : TopicStreams;
  const streams = new Streams({ forwarders: tasks.forwarders, nextStreamId });
  const Gossip = defects.has('counters-kept') ? CounterKeepingGossipBuffer : GossipBuffer;
  const unsubscribe = (stream: number) => streams.unsubscribe(stream);
  const nothing = () => undefined;
  return {
    addressBook: new AddressBook(sets('addresses-kept'), sets('peer-topics-kept')),
    networkState: defects.has('wakers-per-poll') ? new WakerListNetworkState() : new WatchedNetworkState(),
    outbox: new Outbox(defects.has('outbox-unbounded') ? Number.POSITIVE_INFINITY : capacity.messagesPerAbsentPeer),
    keepAlives: tasks.keepAlives,
    streams,
    gossip: new Gossip(capacity.messagesPerSync),
    operations: new OperationStore(
      defects.has('operations-kept') ? Number.POSITIVE_INFINITY : capacity.operationsPerLog,
    ),
    seen: createSeenIds(defects),
    endStream: defects.has('unsubscribe-noop') ? nothing : unsubscribe,
    abandonStream: defects.has('zombie-streams') ? nothing : unsubscribe,
  };
}

function createSeenIds(defects: ReadonlySet<DefectName>): SeenIds {
  const forEver = Number.POSITIVE_INFINITY;
  if (defects.has('seen-ids-kept')) return new SeenIds({ capacity: forEver, retentionMs: forEver });
  if (defects.has('seen-ids-expire-only')) return new SeenIds({ capacity: forEver, retentionMs: 1_000 });
  return new SeenIds({ capacity: capacity.seenIds, retentionMs: 20_000 });
}

function createHub(defects: ReadonlySet<DefectName>, retries: Tasks): EventHub {
  if (defects.has('notice-on-closed-port')) return new UnheardEventHub({ retries });
  if (defects.has('retry-on-closed-inbox')) return new RacingEventHub({ retries });
  if (defects.has('stuck-hub')) return new UnsweptEventHub({ retries, flush: () => new Promise(() => undefined) });
  return new EventHub({ retries });
}

function streamIds(defects: ReadonlySet<DefectName>): { next: () => number; peek: () => number } {
  let opened = 0;
  const collide = defects.has('stream-ids-collide');
  return {
    next: () => {
      opened += 1;
      // The number given out is never written back.
      return collide ? 1 : opened;
    },
    peek: () => opened,
  };
}
