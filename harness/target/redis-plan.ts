import { mkdirSync } from 'node:fs';
import type { RedisServer } from '../model/scenario.js';
import { findExecutable } from './find-executable.js';
import { freePort } from './free-port.js';
import type { SpawnPlan } from './spawn-target.js';
import type { StartContext } from './start-context.js';

/**
 * A Redis server of the run's own. What the user passes comes last, so that it wins; the address does not change.
 * @throws {PlateauError} `PLATEAU_TARGET_START` where no server is installed
 */
export async function redisPlan(server: RedisServer, context: StartContext): Promise<SpawnPlan> {
  const { name, baseDirectory } = context;
  const file = findExecutable({
    name,
    executable: server.executable,
    baseDirectory,
    fileNames: ['redis-server', 'valkey-server'],
    hint: 'install it (apt-get install redis-server), name it with `redis: {executable}`, or pass the address of one that runs: {redis: "redis://..."}',
  });
  const directory = context.dataDirectory;
  mkdirSync(directory, { mode: 0o700 });
  const port = await freePort();
  const [first, ...rest] = server.arguments ?? [];
  const configuration = first === undefined || first.startsWith('-') ? [] : [first];
  const own = configuration.length === 0 ? (server.arguments ?? []) : rest;
  return {
    file,
    arguments: [
      ...configuration,
      ...['--dir', directory],
      // Without a configuration of the user's, nothing need outlive the run: a snapshot forks in the midst of it.
      ...(configuration.length === 0 ? ['--save', ''] : []),
      ...own,
      ...['--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no'],
    ],
    cwd: baseDirectory,
    env: { ...server.env },
    agent: false,
    ready: { port },
    address: `redis://127.0.0.1:${port}`,
    messages: false,
    stopSignal: undefined,
    stopTimeoutMs: server.stopTimeoutMs,
  };
}
