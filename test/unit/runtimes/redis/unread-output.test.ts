import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readTcpSockets, type SocketEntry } from '../../../../harness/platform/socket-table.js';
import { unreadBetween } from '../../../../harness/runtimes/redis/unread-output.js';

const established = (local: string, peer: string, queues: Partial<SocketEntry>): SocketEntry => ({
  family: 'tcp',
  state: 'established',
  local,
  peer,
  ...queues,
});

test('what clients have not read is theirs and on its way', () => {
  const sockets = new Map([
    [1, established('127.0.0.1:6379', '127.0.0.1:40000', { unsentBytes: 100, unreadBytes: 7 })],
    [2, established('127.0.0.1:40000', '127.0.0.1:6379', { unsentBytes: 9, unreadBytes: 3_000 })],
    [3, established('127.0.0.1:6379', '10.0.0.2:50000', { unsentBytes: 20, unreadBytes: 0 })],
    [4, established('127.0.0.1:7000', '127.0.0.1:7001', { unsentBytes: 500, unreadBytes: 500 })],
    [5, { family: 'tcp', state: 'listen', local: '127.0.0.1:6379', peer: undefined, unsentBytes: 511, unreadBytes: 0 }],
  ] as const);
  expect([...unreadBetween(new Set([1, 3, 5]), sockets)]).toEqual([
    ['127.0.0.1:40000', 3_100],
    ['10.0.0.2:50000', 20],
  ]);
});

test.runIf(process.platform === 'linux')('the kernel keeps what is not read, to the byte', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').pause();
  const [accepted] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => accepted.write(Buffer.alloc(5_000), () => resolve()));
  const sockets = readTcpSockets(process.pid);
  const own = Array.from(sockets).flatMap(([inode, { local, peer }]) =>
    local === `127.0.0.1:${port}` && peer !== undefined ? [inode] : [],
  );
  expect([...unreadBetween(new Set(own), sockets).values()]).toEqual([5_000]);
});
