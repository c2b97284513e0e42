import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeInitial, decodePacket, encodePacket, type Packet, packetKind } from '../../protocol/packets.js';
import { BoundedQueue } from '../actors/bounded-queue.js';
import type { Doorkeeper } from './doorkeeper.js';
import { Incoming, type Verdict } from './incoming.js';
import type { IncomingSlab } from './incoming-slab.js';

export interface EndpointParts {
  readonly slab: IncomingSlab;
  readonly doorkeeper: Doorkeeper;
  /** Becomes of handshakes that were let go without a verdict. @defaultValue refused */
  readonly whenAbandoned?: Verdict | 'leave';
}

interface Arrival {
  readonly packet: Packet;
  readonly datagram: Buffer;
  readonly from: RemoteInfo;
}

const inboxCapacity = 1_024;
const reapAfterMs = 5_000;

/** Where datagrams come in: handshakes, and connections that were accepted. */
export class Endpoint {
  readonly #socket: Socket = createSocket('udp4');
  readonly #inbox = new BoundedQueue<Arrival>(inboxCapacity);
  readonly #connections = new Set<string>();
  readonly #parts: EndpointParts;
  readonly #reaper: NodeJS.Timeout | undefined;
  /** Handshakes let go without a verdict. */
  abandoned = 0;
  #acceptLoop: Promise<void> = Promise.resolve();

  constructor(parts: EndpointParts) {
    this.#parts = parts;
    if (parts.whenAbandoned === 'leave') return;
    this.#reaper = setInterval(() => parts.slab.removeOlderThan(reapAfterMs), reapAfterMs).unref();
  }

  get connections(): number {
    return this.#connections.size;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  async listen(): Promise<void> {
    this.#socket.on('message', (datagram, from) => {
      const packet = decodePacket(datagram);
      // A datagram may always get lost, so one that finds the inbox full does.
      if (packet !== undefined) this.#inbox.trySend({ packet, datagram, from });
    });
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    this.#acceptLoop = this.#receive();
  }

  async close(): Promise<void> {
    clearInterval(this.#reaper);
    this.#inbox.close();
    this.#socket.close();
    await this.#acceptLoop;
  }

  async #receive(): Promise<void> {
    for await (const arrival of this.#inbox) {
      const { packet, from } = arrival;
      if (packet.kind === packetKind.initial) this.#greet(arrival);
      else if (packet.kind === packetKind.close) this.#connections.delete(packet.connectionId.toString('hex'));
      else if (packet.kind === packetKind.ping) this.#reply(packetKind.pong, packet.connectionId, from);
    }
  }

  #greet({ datagram, packet, from }: Arrival): void {
    const initial = decodeInitial(datagram);
    if (initial === undefined) return;
    const place = this.#parts.slab.insert(datagram);
    // As any server under load, it does not even say that it is full.
    if (place === undefined) return;
    const decide = (verdict: Verdict) => {
      this.#parts.slab.remove(place);
      this.#tell(verdict, packet.connectionId, from);
    };
    try {
      using incoming = new Incoming(initial, from, decide, () => this.#abandon(decide));
      incoming.answer(this.#parts.doorkeeper.decide(incoming));
    } catch {
      // A visitor that makes the doorkeeper stumble is the visitor's fault.
    }
  }

  #abandon(decide: (verdict: Verdict) => void): void {
    this.abandoned += 1;
    const verdict = this.#parts.whenAbandoned ?? 'refuse';
    if (verdict !== 'leave') decide(verdict);
  }

  #tell(verdict: Verdict, connectionId: Buffer, from: RemoteInfo): void {
    if (verdict === 'ignore') return;
    if (verdict === 'accept') this.#connections.add(connectionId.toString('hex'));
    const rest = verdict === 'retry' ? this.#parts.doorkeeper.tokenFor(from) : undefined;
    this.#reply(packetKind[verdict], connectionId, from, rest);
  }

  #reply(kind: (typeof packetKind)[keyof typeof packetKind], connectionId: Buffer, to: RemoteInfo, rest?: Buffer) {
    this.#socket.send(encodePacket(kind, connectionId, rest), to.port, to.address);
  }
}
