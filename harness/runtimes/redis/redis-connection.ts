import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import { systemClock } from '../../platform/clock.js';
import { childrenOf } from '../../platform/process-tree.js';
import { ExpiringMemory } from './expiring-memory.js';
import { readKeySpace } from './key-space.js';
import type { RespClient } from './resp-client.js';
import { ServerError } from './resp-parser.js';
import { clientTotals, databasesOf, numberOf, parseInfo, type ServerInfo } from './server-info.js';

/** What UNLINK and FLUSHALL ASYNC have left to a thread is awaited so long. */
const lazyFreeTimeoutMs = 2_000;
const pollMs = 5;
/** With more clients than these their list is megabytes, which take the place of what is measured. */
const listedClientsMax = 2_000;

/** Redis's own view of its memory: exact to the byte once it rests. */
export class RedisConnection implements RuntimeConnection {
  private readonly expiring: ExpiringMemory;

  private constructor(
    private readonly client: RespClient,
    private readonly pid: number,
    private readonly ownId: number,
  ) {
    this.expiring = new ExpiringMemory(client);
  }

  static async open(client: RespClient, pid: number): Promise<RedisConnection> {
    const ownId = Number(await client.call('CLIENT', 'ID'));
    // Keys that are looked at stay as old as they were; older versions know neither command, and need none for INFO.
    await client.pipeline([
      ['CLIENT', 'SETNAME', 'plateau'],
      ['CLIENT', 'NO-TOUCH', 'ON'],
      ['CLIENT', 'NO-EVICT', 'ON'],
    ]);
    return new RedisConnection(client, pid, ownId);
  }

  async floor(): Promise<MetricValues> {
    const { client } = this;
    await client.pipeline([['MEMORY', 'PURGE']]);
    const databases = databasesOf(await this.restedInfo());
    const expiringBytes = await this.expiring.read(databases);
    // Alone in its request: what waits in this connection's buffers would be measured too.
    const info = await this.info();
    const { clients, subscriptions, memoryBytes, outputBytes } = await this.clients(info);
    const keys = databasesOf(info);
    return {
      heapUsed: Math.round(numberOf(info, 'used_memory') - memoryBytes - expiringBytes),
      keys: sum(keys.map((database) => database.keys - database.expiring)),
      expiringKeys: sum(keys.map(({ expiring }) => expiring)),
      clients,
      subscriptions,
      outputBuffers: outputBytes,
      scripts: numberOf(info, 'number_of_cached_scripts') + numberOf(info, 'number_of_functions'),
    };
  }

  async evidence(): Promise<RuntimeReading> {
    return readKeySpace(this.client, databasesOf(await this.info()), this.ownId);
  }

  /** Children that save to disk. */
  covers(): readonly number[] {
    return childrenOf(this.pid);
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }

  private async info(): Promise<ServerInfo> {
    return parseInfo(String(await this.client.call('INFO')));
  }

  private async restedInfo(): Promise<ServerInfo> {
    const deadlineMs = systemClock.monotonicMs() + lazyFreeTimeoutMs;
    let info = await this.info();
    while (numberOf(info, 'lazyfree_pending_objects') > 0 && systemClock.monotonicMs() < deadlineMs) {
      await systemClock.wait(pollMs);
      info = await this.info();
    }
    return info;
  }

  private async clients(info: ServerInfo): Promise<ReturnType<typeof clientTotals>> {
    const connected = numberOf(info, 'connected_clients');
    const [list] = connected > listedClientsMax ? [] : await this.client.pipeline([['CLIENT', 'LIST']]);
    if (list !== undefined && !(list instanceof ServerError)) return clientTotals(String(list), this.ownId);
    return {
      clients: connected - 1,
      subscriptions: numberOf(info, 'pubsub_channels') + numberOf(info, 'pubsub_patterns'),
      memoryBytes: numberOf(info, 'mem_clients_normal'),
      outputBytes: 0,
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
