import type { LiveSite } from '../../model/runtime.js';
import { namePattern } from '../name-pattern.js';
import { plainSite } from '../plain-site.js';
import { clientsOf } from './client-list.js';
import type { RespClient } from './resp-client.js';
import { type Reply, textOf } from './resp-parser.js';
import { unreadOutput } from './unread-output.js';

const groupsMax = 1_000;

/** Clients by what they are called and did last, and the channels that they listen to by the patterns of their names. */
export async function readClients(client: RespClient, ownIds: readonly number[], pid: number): Promise<LiveSite[]> {
  const [list, channels] = await client.pipeline([
    ['CLIENT', 'LIST'],
    ['PUBSUB', 'CHANNELS'],
  ]);
  return [
    ...clientSites(String(list), ownIds, unreadOutput(pid)),
    ...channelSites(Array.isArray(channels) ? channels : []),
  ];
}

function clientSites(list: string, ownIds: readonly number[], unread: ReadonlyMap<string, number>): LiveSite[] {
  const groups = new Map<string, { clients: number; outputBytes: number; keptBytes: number }>();
  for (const { id, name, address, command, isQueueing, outputBytes, keptBytes } of clientsOf(list)) {
    if (ownIds.includes(id) || groups.size >= groupsMax) continue;
    const named = name === '' ? '' : ` named \`${namePattern(name)}\``;
    const what = `clients${named}${isQueueing ? ' in a transaction (MULTI)' : ''} whose last command was ${command}`;
    const group = groups.get(what) ?? { clients: 0, outputBytes: 0, keptBytes: 0 };
    group.clients += 1;
    group.outputBytes += outputBytes + (unread.get(address) ?? 0);
    group.keptBytes += keptBytes;
    groups.set(what, group);
  }
  return Array.from(groups, ([what, { clients, outputBytes, keptBytes }]) => {
    const sockets = { fds: clients, 'fds.tcp': clients, 'sockets.established': clients };
    const live = { clients, outputBuffers: outputBytes, heapUsed: keptBytes, ...sockets };
    return plainSite('handle', what, live, clients);
  });
}

function channelSites(channels: readonly Reply[]): LiveSite[] {
  const counts = new Map<string, number>();
  for (const channel of channels) {
    const pattern = namePattern(textOf(channel));
    if (counts.has(pattern) || counts.size < groupsMax) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  return Array.from(counts, ([pattern, count]) =>
    plainSite('handle', `subscriptions to channels like \`${pattern}\``, { subscriptions: count }, count),
  );
}
