import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { RespClient } from '../../../../harness/runtimes/redis/resp-client.js';

const { signal } = new AbortController();

/** A server that answers whatever comes with the same bytes. */
async function answering(answer: string) {
  const server = createServer((socket) => socket.on('data', () => socket.write(answer)).on('error', () => undefined));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { server, address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: false } };
}

const connectionTo = async (server: Server) => (await once(server, 'connection')) as [Socket];

test('an answer that is not of its protocol fails what was asked, and closes the connection', async () => {
  const { server, address } = await answering('HTTP/1.1 400 Bad Request\r\n\r\n');
  const [client, [socket]] = await Promise.all([RespClient.connect(address, signal), connectionTo(server)]);
  const closed = once(socket, 'close');
  await expect(client.call('PING')).rejects.toThrow('Redis answered what is not RESP2: HTTP/1.1 400 Bad Request');
  await closed;
});

test('a password that is refused leaves no connection', async () => {
  const { server, address } = await answering('-WRONGPASS invalid username-password pair\r\n');
  const connected = connectionTo(server).then(([socket]) => once(socket, 'close'));
  await expect(RespClient.connect({ ...address, password: 'x' }, signal)).rejects.toThrow('WRONGPASS');
  await connected;
});

test('a run that is ended waits for no connection', async () => {
  const { address } = await answering('');
  await expect(RespClient.connect(address, AbortSignal.abort())).rejects.toThrow('no connection');
});
