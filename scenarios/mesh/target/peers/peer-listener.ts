import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { isSignedBy } from '../../protocol/identity.js';
import type { Hello, NodeMessage, PeerMessage } from '../../protocol/messages.js';
import { BoundedQueue } from '../actors/bounded-queue.js';

/** What the node does for a peer as long as it is connected. */
export interface PeerSession {
  /** @returns the answer to the peer */
  handle(message: PeerMessage): unknown;
  ended(): void;
}

export interface PeerConnection {
  send(message: NodeMessage): void;
  ping(): void;
}

export type OpenSession = (hello: Hello, connection: PeerConnection) => PeerSession;

export interface PeerListener {
  readonly port: number;
  close(): void;
}

/** A peer may ask this much ahead of the answers it has read. */
const inboxCapacity = 64;
const maxMessageBytes = 64 * 1024;

/** Listens for peers: each proves that it owns its name, then its messages are handled one after the other. */
export async function listenForPeers(openSession: OpenSession): Promise<PeerListener> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  });
  server.on('connection', (socket) => void serve(socket, openSession));
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

async function serve(socket: WebSocket, openSession: OpenSession): Promise<void> {
  const inbox = new BoundedQueue<RawData>(inboxCapacity);
  socket.on('message', (data) => {
    if (inbox.trySend(data) === 'full') socket.terminate();
  });
  socket.on('close', () => inbox.close());
  // The close that follows an error ends the session.
  socket.on('error', () => undefined);
  const connection = connectionOf(socket);
  const challenge = randomBytes(16).toString('base64url');
  connection.send({ challenge });
  let session: PeerSession | undefined;
  try {
    for await (const data of inbox) {
      const { request, message } = JSON.parse(String(data)) as { request: number; message: PeerMessage };
      if (session === undefined) {
        session = openSession(authenticated(message, challenge), connection);
        connection.send({ request, answer: null });
      } else connection.send(await answerOf(session, request, message));
    }
  } catch {
    // Whoever does not keep to the protocol is cut off.
  } finally {
    session?.ended();
    socket.terminate();
  }
}

function connectionOf(socket: WebSocket): PeerConnection {
  const isOpen = () => socket.readyState === socket.OPEN;
  return {
    send: (message) => {
      if (isOpen()) socket.send(JSON.stringify(message));
    },
    ping: () => {
      if (isOpen()) socket.ping();
    },
  };
}

async function answerOf(session: PeerSession, request: number, message: PeerMessage): Promise<NodeMessage> {
  try {
    return { request, answer: (await session.handle(message)) ?? null };
  } catch (error) {
    return { request, error: error instanceof Error ? error.message : String(error) };
  }
}

function authenticated(message: PeerMessage, challenge: string): Hello {
  if (message.type !== 'hello') throw new Error(`peer: expected hello, got ${message.type}`);
  const { peer, address, signature } = message;
  if (!isSignedBy(peer, Buffer.from(challenge), Buffer.from(signature, 'base64url'))) {
    throw new Error('peer: the challenge is not signed with its key');
  }
  return { peer, address, signature };
}
