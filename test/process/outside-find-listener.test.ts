import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findListener } from '../../harness/sample/find-listener.js';

async function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port };
}

/** A cluster whose workers share the listener of their parent. */
async function startCluster(): Promise<{ parent: ChildProcess; port: number }> {
  const parent = spawn(process.execPath, [fixture], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    parent.kill('SIGTERM');
    if (parent.exitCode === null && parent.signalCode === null) await once(parent, 'exit');
  });
  const [port] = await once(parent.stdout, 'data');
  return { parent, port: Number(port) };
}

const fixture = fileURLToPath(new URL('../fixtures/cluster-server.cjs', import.meta.url));

describe.runIf(process.platform === 'linux')('findListener', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('finds the process that listens at %s', async (host) => {
    const { port } = await listen(host);
    expect(findListener(port)).toBe(process.pid);
  });

  it('finds nothing on a port that nobody listens on any more', async () => {
    const { server, port } = await listen('127.0.0.1');
    server.close();
    await once(server, 'close');
    expect(findListener(port)).toBeUndefined();
  });

  it('finds the parent of those that share a port', async () => {
    const { parent, port } = await startCluster();
    expect(findListener(port)).toBe(parent.pid);
  });
});
