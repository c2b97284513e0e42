import type { ScenarioDefinition } from '../../harness/index.js';
import churn from './churn.scenario.js';
import deletedOperations from './deleted-operations.scenario.js';
import downloads from './downloads.scenario.js';
import droppedSubscriptions from './dropped-subscriptions.scenario.js';
import eventStreams from './event-streams.scenario.js';
import freshTopics from './fresh-topics.scenario.js';
import healthyDownloads from './healthy-downloads.scenario.js';
import imports from './imports.scenario.js';
import incoming from './incoming.scenario.js';
import knownPeers from './known-peers.scenario.js';
import knownSyncs from './known-syncs.scenario.js';
import mixed from './mixed.scenario.js';
import offlinePeers from './offline-peers.scenario.js';
import operations from './operations.scenario.js';
import peers from './peers.scenario.js';
import roamingPeers from './roaming-peers.scenario.js';
import rustPeers from './rust-peers.scenario.js';
import rustSubscriptions from './rust-subscriptions.scenario.js';
import sharedTopics from './shared-topics.scenario.js';
import streamRaces from './stream-races.scenario.js';
import subscriptions from './subscriptions.scenario.js';
import syncs from './syncs.scenario.js';

/** A node of a peer-to-peer mesh: peers, topics, operations, handshakes, contents, event streams. */
export const scenarios: readonly ScenarioDefinition[] = [
  peers,
  knownPeers,
  roamingPeers,
  syncs,
  knownSyncs,
  subscriptions,
  freshTopics,
  sharedTopics,
  droppedSubscriptions,
  operations,
  deletedOperations,
  offlinePeers,
  incoming,
  downloads,
  healthyDownloads,
  imports,
  eventStreams,
  streamRaces,
  churn,
  mixed,
  rustPeers,
  rustSubscriptions,
];
