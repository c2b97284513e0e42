import type { Hello, PeerMessage } from '../../protocol/messages.js';
import { assertSigned, type SignedOperation } from '../../protocol/operation.js';
import type { Task, Tasks } from '../actors/tasks.js';
import type { OperationStore } from '../operations/operation-store.js';
import type { SeenIds } from '../operations/seen-ids.js';
import type { GossipBuffer } from '../topics/gossip-buffer.js';
import type { TopicStreams } from '../topics/topic-streams.js';
import type { AddressBook } from './address-book.js';
import { keepAlive } from './keep-alive.js';
import type { NetworkState } from './network-state.js';
import type { Outbox } from './outbox.js';
import type { PeerConnection, PeerSession } from './peer-listener.js';

/** What peers share. */
export interface SharedState {
  readonly addressBook: AddressBook;
  readonly networkState: NetworkState;
  readonly outbox: Outbox;
  readonly keepAlives: Tasks;
  readonly streams: TopicStreams;
  readonly gossip: GossipBuffer;
  readonly operations: OperationStore;
  readonly seen: SeenIds;
  /** What happens to the streams that a peer leaves behind. */
  readonly abandonStream: (stream: number) => void;
  /** What happens when a peer unsubscribes. */
  readonly endStream: (stream: number) => void;
}

/** One connected peer; everything it took is given back when it goes. */
export class ConnectedPeer implements PeerSession {
  readonly #state: SharedState;
  readonly #peer: string;
  readonly #connection: PeerConnection;
  readonly #keepAlive: Task;
  readonly #streams = new Set<number>();
  /** Topics of the sync sessions that have begun and not ended. */
  readonly #syncing: string[] = [];

  constructor(state: SharedState, { peer, address }: Hello, connection: PeerConnection) {
    this.#state = state;
    this.#peer = peer;
    this.#connection = connection;
    state.addressBook.connected(peer, address);
    this.#keepAlive = state.keepAlives.spawn((signal) => keepAlive(() => connection.ping(), signal));
    for (const text of state.outbox.take(peer)) connection.send({ topic: 'outbox', text });
  }

  handle(message: PeerMessage): unknown {
    const { addressBook, networkState, outbox, streams, gossip, operations, endStream } = this.#state;
    const network = networkState.poll(this, () => this.#connection.send({ topic: 'network', text: 'changed' }));
    switch (message.type) {
      case 'announce':
        addressBook.announced(this.#peer, message.topics);
        return { network };
      case 'subscribe':
        return this.#subscribe(message.topic);
      case 'unsubscribe':
        // A peer ends its own streams, not those of others.
        return this.#streams.delete(message.stream) ? endStream(message.stream) : undefined;
      case 'sync':
        this.#syncing.push(message.topic);
        return gossip.lock(this.#peer, message.topic);
      case 'gossip':
        if (gossip.hold(this.#peer, message.topic, message.text)) return { held: true };
        return { reached: streams.publish(message.topic, message.text) };
      case 'synced':
        return { held: this.#endSync(message.topic) };
      case 'publish':
        return { reached: this.#publish(message.operation) };
      case 'delete':
        return { deleted: operations.delete(message.hash) };
      case 'send':
        // Nobody here is connected under another name: what is sent waits until its peer comes.
        return outbox.put(message.to, message.text);
      default:
        throw new Error(`peer: cannot handle ${message.type} now`);
    }
  }

  ended(): void {
    const { addressBook, networkState, gossip, abandonStream } = this.#state;
    this.#keepAlive.cancel();
    for (const stream of this.#streams) abandonStream(stream);
    for (const topic of this.#syncing) gossip.unlock(this.#peer, topic);
    networkState.unwatch(this);
    addressBook.disconnected(this.#peer);
  }

  #subscribe(topic: string): { stream: number } {
    const stream = this.#state.streams.subscribe(topic, (text) => this.#connection.send({ topic, text }));
    this.#streams.add(stream);
    return { stream };
  }

  /** @returns how many messages were held back; none when no session had begun */
  #endSync(topic: string): number {
    const index = this.#syncing.indexOf(topic);
    if (index < 0) return 0;
    this.#syncing.splice(index, 1);
    return this.#state.gossip.unlock(this.#peer, topic).length;
  }

  #publish(operation: SignedOperation): number {
    const { operations, seen, streams } = this.#state;
    assertSigned(operation);
    if (!seen.add(operation.hash)) return 0;
    operations.insert(operation);
    return streams.publish(operation.topic, operation.body);
  }
}
