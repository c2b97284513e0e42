import { noInsideView } from '../../model/errors.js';
import type { ConnectContext, ProcessFacts, Runtime, RuntimeConnection } from '../../model/runtime.js';
import { thrownMessage } from '../../model/thrown.js';
import { redisAddress } from './redis-address.js';
import { RedisConnection, type RedisServerProcess } from './redis-connection.js';
import { type RedisAddress, RespClient } from './resp-client.js';

/** Debian's `redis-server` is a link to a binary of another name; children that save to disk have other titles. */
const executable = /\/(redis|valkey)-(server|check-rdb)$/;
const title = /^(\S*\/)?(redis|valkey)-server(\s|$)/;

export const redis: Runtime = {
  name: 'Redis',
  memory: 'manual',
  detect: ({ executable: path, arguments: words }) => executable.test(path ?? '') && title.test(words[0] ?? ''),
  connect,
};

async function connect(
  facts: ProcessFacts,
  { url, directory, signal, isStarted }: ConnectContext,
): Promise<RuntimeConnection> {
  const address = redisAddress(facts, url);
  if (address === undefined)
    throw noInsideView(
      'its address is not known: its title does not show it',
      'pass it: target: { redis: "redis://127.0.0.1:6379" }',
    );
  const server = {
    pid: facts.pid,
    executable: facts.executable ?? 'redis-server',
    directory,
    ...(isStarted && { connectAgain: () => RespClient.connect(address, signal) }),
  };
  return open(address, server, signal);
}

async function open(
  address: RedisAddress,
  server: RedisServerProcess,
  signal: AbortSignal,
): Promise<RuntimeConnection> {
  let client: RespClient | undefined;
  try {
    client = await RespClient.connect(address, signal);
    return await RedisConnection.open(client, server);
  } catch (cause) {
    client?.close();
    const reason = thrownMessage(cause);
    throw noInsideView(
      `it lets nobody in: ${reason}`,
      /^(NOAUTH|WRONGPASS|NOPERM)/.test(reason)
        ? 'pass a user who may run INFO, CLIENT, MEMORY and SCAN: target: { redis: "redis://user:password@127.0.0.1:6379" }'
        : 'check that it listens on the loopback address',
      cause,
    );
  }
}
