import type { Tasks } from './actors/tasks.js';
import type { MeshNode } from './mesh-node.js';

/** Sizes of everything that the node holds: elements as well as keys. */
export function nodeGauges(node: MeshNode): Record<string, number> {
  const { state, tasks, slab, endpoint } = node;
  const { addressBook, streams, gossip } = state;
  return {
    peers: addressBook.peers,
    knownPeers: addressBook.addresses.peers,
    peerAddresses: addressBook.addresses.elements,
    topicPeers: addressBook.topics.peers,
    peerTopics: addressBook.topics.elements,
    wakers: state.networkState.wakers,
    queuedMessages: state.outbox.size,
    gossipCounters: gossip.counters,
    gossipBuffers: gossip.buffers,
    streams: streams.streams,
    topics: streams.topics,
    joinedTopics: streams.joinedTopics,
    streamsByTopic: streams.streamsByTopic,
    streamsByTopicId: streams.streamsByTopicId,
    operations: state.operations.operations,
    logs: state.operations.logs,
    seenIds: state.seen.size,
    incoming: slab.size,
    incomingBytes: slab.totalBytes,
    incomingBytesUnaccounted: slab.totalBytes - slab.countBytes(),
    datagramConnections: endpoint.connections,
    downloads: node.downloads.size,
    imports: node.imports.size,
    receivers: node.hub.receivers,
    keepAliveTasks: running(tasks.keepAlives),
    forwarderTasks: running(tasks.forwarders),
    downloadTasks: running(tasks.downloads),
    importTasks: running(tasks.imports),
    pendingSends: running(tasks.retries),
    ...counters(node),
  };
}

/** What only goes up, by design. */
function counters({ tasks, endpoint, nextStreamId }: MeshNode): Record<string, number> {
  const sets: Tasks[] = Object.values(tasks);
  return {
    streamsOpened: nextStreamId(),
    handshakesAbandoned: endpoint.abandoned,
    tasksSpawned: sets.reduce((sum, { spawned }) => sum + spawned, 0),
    tasksFinished: sets.reduce((sum, { finished }) => sum + finished, 0),
  };
}

function running({ spawned, finished }: Tasks): number {
  return spawned - finished;
}
