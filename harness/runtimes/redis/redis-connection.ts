import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import { systemClock } from '../../platform/clock.js';
import { childrenOf } from '../../platform/process-tree.js';
import { readClients } from './client-evidence.js';
import { clientsOf } from './client-list.js';
import { ExpiringMemory } from './expiring-memory.js';
import { measureKeyCosts } from './key-costs.js';
import { readKeySpace } from './key-space.js';
import type { RespClient } from './resp-client.js';
import { ServerError } from './resp-parser.js';
import { scriptSites, scriptsIn } from './script-evidence.js';
import { databasesOf, numberOf, parseInfo, type ServerInfo } from './server-info.js';
import { StringRoom } from './string-room.js';
import { trackingSites } from './tracking-evidence.js';
import { TrimmedKeys } from './trimmed-keys.js';
import { unreadOutput } from './unread-output.js';
import { userSites } from './user-evidence.js';

/** What UNLINK and FLUSHALL ASYNC have left to a thread is awaited so long. */
const lazyFreeTimeoutMs = 2_000;
const pollMs = 5;
/** With more clients than these their list is megabytes, which take the place of what is measured. */
const listedClientsMax = 2_000;

export interface RedisServerProcess {
  readonly pid: number;
  readonly executable: string;
  /** For a socket. */
  readonly directory: string;
  /** Another connection, of a server that is the run's own: who hears all commands may halve what a server does, as Redis documents. */
  readonly connectAgain?: () => Promise<RespClient>;
}

/** Redis's own view of its memory: exact to the byte once it rests. */
export class RedisConnection implements RuntimeConnection {
  private readonly expiring: ExpiringMemory;
  private readonly room: StringRoom;
  private readonly entryBytes = new Map<string, number>();
  private trimmed: TrimmedKeys | undefined;

  private constructor(
    private readonly client: RespClient,
    private readonly ownId: number,
    private readonly server: RedisServerProcess,
  ) {
    const { executable, directory } = server;
    this.expiring = new ExpiringMemory(client, () => measureKeyCosts(executable, directory));
    this.room = new StringRoom(client);
  }

  static async open(client: RespClient, server: RedisServerProcess): Promise<RedisConnection> {
    const ownId = Number(await client.call('CLIENT', 'ID'));
    // Keys that are looked at stay as old as they were; older versions know neither command, and need none for INFO.
    await client.pipeline([
      ['CLIENT', 'SETNAME', 'plateau'],
      ['CLIENT', 'NO-TOUCH', 'ON'],
      ['CLIENT', 'NO-EVICT', 'ON'],
    ]);
    return new RedisConnection(client, ownId, server);
  }

  async floor(): Promise<MetricValues> {
    const { client } = this;
    await client.pipeline([['MEMORY', 'PURGE']]);
    const databases = databasesOf(await this.restedInfo());
    const expiringBytes = await this.expiring.read(databases);
    const roomBytes = await this.room.read(databases);
    // Alone in its request: what waits in this connection's buffers would be measured too.
    const info = await this.info();
    const { clients, subscriptions, bufferBytes, outputBytes } = await this.clients(info);
    const keys = databasesOf(info);
    return {
      heapUsed: Math.round(numberOf(info, 'used_memory') - bufferBytes - expiringBytes - roomBytes),
      keys: sum(keys.map((database) => database.keys - database.expiring)),
      expiringUsed: Math.round(expiringBytes),
      expiringKeys: sum(keys.map(({ expiring }) => expiring)),
      clients,
      subscriptions,
      outputBuffers: outputBytes + sum([...unreadOutput(this.server.pid).values()]),
      scripts: scriptsIn(info),
    };
  }

  /** Without it, no limits of keys are known. */
  async beginRecording(): Promise<void> {
    if (this.trimmed !== undefined) return;
    const client = await this.server.connectAgain?.().catch(() => undefined);
    if (client === undefined) return;
    this.trimmed = await TrimmedKeys.hear(client).catch(() => void client.close());
  }

  async evidence(): Promise<RuntimeReading> {
    const info = await this.info();
    await this.trimmed?.catchUp(this.client);
    const keySpace = await readKeySpace(this.client, databasesOf(info), this.entryBytes, this.trimmed);
    const clients = await readClients(this.client, this.ownIds, this.server.pid);
    const scripts = await scriptSites(this.client, info);
    const sites = [
      ...keySpace.sites,
      ...clients,
      ...scripts,
      ...trackingSites(info),
      ...(await userSites(this.client)),
    ];
    return { ...keySpace, sites };
  }

  /** Children that save to disk. */
  covers(): readonly number[] {
    return childrenOf(this.server.pid);
  }

  close(): Promise<void> {
    this.trimmed?.close();
    this.client.close();
    return Promise.resolve();
  }

  private get ownIds(): readonly number[] {
    return [this.ownId, ...(this.trimmed === undefined ? [] : [this.trimmed.clientId])];
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

  /** Of plateau's own connections only the buffers count. */
  private async clients(info: ServerInfo) {
    const connected = numberOf(info, 'connected_clients');
    const [list] = connected > listedClientsMax ? [] : await this.client.pipeline([['CLIENT', 'LIST']]);
    if (list === undefined || list instanceof ServerError)
      return {
        clients: connected - this.ownIds.length,
        subscriptions: numberOf(info, 'pubsub_channels') + numberOf(info, 'pubsub_patterns'),
        bufferBytes: numberOf(info, 'mem_clients_normal'),
        outputBytes: 0,
      };
    const all = clientsOf(String(list));
    const others = all.filter(({ id }) => !this.ownIds.includes(id));
    return {
      clients: others.length,
      subscriptions: sum(others.map(({ subscriptions }) => subscriptions)),
      bufferBytes: sum(all.map(({ bufferBytes }) => bufferBytes)),
      outputBytes: sum(others.map(({ outputBytes }) => outputBytes)),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
