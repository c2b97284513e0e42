import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { LiveSite } from '../../model/runtime.js';
import { counterFileOf, readCounts } from '../native/counter-file.js';
import { plainSite } from '../plain-site.js';
import type { SessionMemory } from './memory-contexts.js';
import { wordsOfSessions } from './session-words.js';

/** Where the processes of a server that plateau starts show what they have allocated; its account may write there. */
export const countersDirectoryOf = (directory: string): string => join(directory, 'server');

/**
 * What each session has from the allocator beside its memory contexts: settings of its own, extensions, compiled queries.
 * @returns undefined where that is not counted
 */
export function bytesOutsideContexts(
  directory: string,
  sessions: ReadonlyMap<number, SessionMemory>,
): Map<number, number> | undefined {
  const bytes = new Map<number, number>();
  for (const [pid, { blockBytes }] of sessions) {
    const file = counterFileOf(countersDirectoryOf(directory), pid);
    if (!existsSync(file)) return undefined;
    const { liveBytes, mappedBytes } = readCounts(file);
    bytes.set(pid, liveBytes - mappedBytes - blockBytes);
  }
  return bytes;
}

/** It bears no name: the session that has most of it is named. */
export async function readOutsideContexts(client: Client, bytes: ReadonlyMap<number, number>): Promise<LiveSite[]> {
  const [most] = [...bytes].sort(([, one], [, other]) => other - one);
  if (most === undefined) return [];
  const [pid] = most;
  const session = (await wordsOfSessions(client, [pid])).get(pid);
  const where = session === undefined ? '' : `, most in ${session},`;
  const all = [...bytes.values()].reduce((sum, own) => sum + own, 0);
  const site = plainSite(
    'allocation-site',
    `blocks outside of memory contexts${where}`,
    { nativeUsed: all },
    bytes.size,
  );
  return [{ ...site, key: 'outside of memory contexts', isUnspecific: true }];
}
