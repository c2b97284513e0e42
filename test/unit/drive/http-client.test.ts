import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../harness/drive/http/http-client.js';

test('closing does not wait for what a target never answers', async () => {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  const client = createHttpClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 2);
  const asked = once(server, 'request');
  const answer = client.get('/', { timeoutMs: 60_000 }).catch((error: Error) => error.name);
  await asked;
  await client.close();
  expect(await answer).toBe('ClientDestroyedError');
});
