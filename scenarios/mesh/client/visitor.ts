import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Identity } from '../protocol/identity.js';
import {
  connectionIdBytes,
  decodePacket,
  encodeInitial,
  encodePacket,
  type PacketKind,
  packetKind,
  protocolVersion,
  tokenBytes,
} from '../protocol/packets.js';

export type HandshakeOutcome = 'accepted' | 'refused' | 'unanswered';

/** Someone at the node's door, with a UDP socket of its own. */
export interface Visitor {
  /** Shows a token when it is asked for one. */
  knock(identity: Identity): Promise<HandshakeOutcome>;
  /** The same with parameters that are not even JSON. */
  mumble(identity: Identity): Promise<HandshakeOutcome>;
  /** Ends an accepted connection. */
  leave(): Promise<void>;
  close(): void;
}

/** A datagram that got lost is an error of the cycle. */
const answerTimeoutMs = 2_000;
/** First datagrams are padded, so that an answer is never larger than what it answers. */
const parameterBytes = 512;

export async function openVisitor(port: number): Promise<Visitor> {
  const socket = createSocket('udp4');
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const connectionId = randomBytes(connectionIdBytes);

  /** The answer to a datagram. The ping behind it is answered in any case, so no answer is known without a wait. */
  const exchange = async (datagram: Buffer): Promise<{ kind: PacketKind; rest: Buffer }> => {
    const signal = AbortSignal.timeout(answerTimeoutMs);
    const answers: { kind: PacketKind; rest: Buffer }[] = [];
    const ponged = new Promise<void>((resolve, reject) => {
      const receive = (bytes: Buffer) => {
        const packet = decodePacket(bytes);
        if (packet === undefined || !packet.connectionId.equals(connectionId)) return;
        if (packet.kind !== packetKind.pong) {
          answers.push({ kind: packet.kind as PacketKind, rest: packet.rest });
          return;
        }
        socket.off('message', receive);
        resolve();
      };
      socket.on('message', receive);
      signal.addEventListener('abort', () => reject(new Error('the node answers no datagrams')), { once: true });
    });
    socket.send(datagram);
    socket.send(encodePacket(packetKind.ping, connectionId));
    await ponged;
    return answers[0] ?? { kind: packetKind.pong, rest: Buffer.alloc(0) };
  };

  const handshake = async (identity: Identity, text: string): Promise<HandshakeOutcome> => {
    const key = Buffer.from(identity.name, 'base64url');
    const signature = identity.sign(connectionId);
    const initial = { connectionId, key, signature, parameters: Buffer.from(text.padEnd(parameterBytes)) };
    const first = await exchange(encodeInitial({ ...initial, token: Buffer.alloc(tokenBytes) }));
    if (first.kind !== packetKind.retry) return outcomeOf(first.kind);
    return outcomeOf((await exchange(encodeInitial({ ...initial, token: first.rest }))).kind);
  };

  return {
    knock: (identity) => handshake(identity, JSON.stringify({ version: protocolVersion })),
    mumble: (identity) => handshake(identity, '{"version"'),
    leave: async () => void (await exchange(encodePacket(packetKind.close, connectionId))),
    close: () => socket.close(),
  };
}

function outcomeOf(kind: PacketKind): HandshakeOutcome {
  if (kind === packetKind.accept) return 'accepted';
  return kind === packetKind.refuse ? 'refused' : 'unanswered';
}
