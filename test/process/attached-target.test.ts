import { once } from 'node:events';
import net from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { TargetDefinition } from '../../harness/model/scenario.js';
import { startTarget } from '../../harness/target/start-target.js';
import { startContext } from '../support/start-context.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

async function attached(definition: (port: number) => TargetDefinition) {
  const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const target = await startTarget(definition(port), startContext(temporaryDirectory()));
  return { port, target };
}

test('a PostgreSQL server that runs already keeps its address, and its sessions are processes of their own', async () => {
  const { port, target } = await attached((free) => ({ postgres: `postgres://user@127.0.0.1:${free}/shop` }));
  expect(target).toMatchObject({ url: `postgres://user@127.0.0.1:${port}/shop`, wholeTree: true, isStarted: false });
});

test('a Redis server that runs already is one process', async () => {
  const { port, target } = await attached((free) => ({ redis: `redis://127.0.0.1:${free}` }));
  expect(target).toMatchObject({ url: `redis://127.0.0.1:${port}`, wholeTree: false, isStarted: false });
});

test('a service that runs already and is no Node process is seen with all that it has started', async () => {
  const { target } = await attached((free) => ({ url: `http://127.0.0.1:${free}` }));
  expect(target).toMatchObject({ agent: undefined, wholeTree: true });
});
