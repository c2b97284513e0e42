import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { Identity } from '../protocol/identity.js';
import type { NodeMessage, PeerMessage } from '../protocol/messages.js';

/** A peer of the node, over a real WebSocket. */
export interface PeerClient {
  readonly name: string;
  /** Events that came for its subscriptions. */
  readonly received: number;
  /** @throws {Error} what the node answered, or that it is gone */
  ask<Answer = null>(message: PeerMessage): Promise<Answer>;
  /** Says goodbye and waits until the connection is closed. */
  leave(): Promise<void>;
  /** Is gone from one moment to the next. */
  vanish(): Promise<void>;
}

export interface PeerOptions {
  readonly port: number;
  readonly identity: Identity;
  /** What it shows the node of itself. */
  readonly address: string;
}

interface Question {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** Connects and proves who it is. */
export async function connectPeer({ port, identity, address }: PeerOptions): Promise<PeerClient> {
  // Loaded on demand: listing scenarios must not need the package.
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  const challenged = challengeOf(socket);
  const client = speak(socket, identity.name);
  const signature = identity.sign(Buffer.from(await challenged)).toString('base64url');
  await client.ask({ type: 'hello', peer: identity.name, address, signature });
  return client;
}

async function challengeOf(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [unknown];
  return (JSON.parse(String(data)) as { challenge: string }).challenge;
}

function speak(socket: WebSocket, name: string): PeerClient {
  const questions = new Map<number, Question>();
  let asked = 0;
  let received = 0;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as NodeMessage;
    if ('topic' in message) received += 1;
    if (!('request' in message)) return;
    const question = questions.get(message.request);
    questions.delete(message.request);
    if ('error' in message) question?.reject(new Error(message.error));
    else question?.resolve(message.answer);
  });
  socket.on('close', () => {
    for (const question of questions.values()) question.reject(new Error('the node closed the connection'));
  });
  // The close that follows rejects what was asked.
  socket.on('error', () => undefined);
  return {
    name,
    get received() {
      return received;
    },
    ask: <Answer>(message: PeerMessage) =>
      new Promise<Answer>((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return reject(new Error('the node closed the connection'));
        const request = asked++;
        questions.set(request, { resolve: resolve as (answer: unknown) => void, reject });
        socket.send(JSON.stringify({ request, message }));
      }),
    async leave() {
      socket.close();
      await closed;
    },
    async vanish() {
      socket.terminate();
      await closed;
    },
  };
}
