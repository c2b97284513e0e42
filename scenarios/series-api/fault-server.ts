import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** What the other side does with a request. */
export const faultKinds = ['answer', 'reset', 'cut', 'stall'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** A server that misbehaves over real TCP, as the path of the request asks for. */
export interface FaultServer {
  url(kind: FaultKind, id: number): string;
  /** Resolves when a request for that kind and id has come in. */
  seen(kind: FaultKind, id: number): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultServer(): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const awaited = new Map<string, () => void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      const path = /^GET (\S+)/.exec(chunk.toString())?.[1] ?? '';
      awaited.get(path)?.();
      misbehave(socket, path.split('/')[1] as FaultKind);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: (kind, id) => `http://127.0.0.1:${port}/${kind}/${id}`,
    seen(kind, id) {
      const path = `/${kind}/${id}`;
      return new Promise((resolve) => {
        awaited.set(path, () => {
          awaited.delete(path);
          resolve();
        });
      });
    },
    close: () => closeServer(server, sockets),
  };
}

function misbehave(socket: Socket, kind: FaultKind): void {
  if (kind === 'answer') socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok');
  if (kind === 'reset') socket.resetAndDestroy();
  if (kind === 'cut') socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it');
  // 'stall': the connection stays, and nothing comes.
}

async function closeServer(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
