import type { Client } from 'pg';
import type { LiveSite } from '../../model/runtime.js';
import { mergeSites } from '../merge-readings.js';
import { plainSite } from '../plain-site.js';
import type { SessionMemory } from './memory-contexts.js';
import { wordsOfSessions } from './session-words.js';
import { statementPattern } from './statement-pattern.js';

/** A context has the same name in all sessions: where it says nothing else, the session that has most of it is named. */
export async function readContexts(client: Client, memory: ReadonlyMap<number, SessionMemory>): Promise<LiveSite[]> {
  const words = await wordsOfSessions(client, [...memory.keys()]);
  const most = new Map<string, { readonly usedBytes: number; readonly pid: number }>();
  for (const [pid, { contexts }] of memory) {
    for (const { name, purpose, usedBytes } of contexts) {
      const key = contextWords(name);
      if (purpose === '' && usedBytes > (most.get(key)?.usedBytes ?? 0)) most.set(key, { usedBytes, pid });
    }
  }
  return mergeSites([...memory.values()].flatMap(({ contexts }) => contexts.map(contextSite))).map((site) => {
    const session = words.get(most.get(site.key)?.pid ?? 0);
    return session === undefined ? site : { ...site, what: `${site.what}, most in ${session},` };
  });
}

/** What a user calls that of which each has a context that bears its name. */
const thingsWithContexts: Readonly<Record<string, string>> = {
  CachedPlanSource: 'prepared statements',
  PortalContext: 'cursors',
};

function contextSite({ name, purpose, count, usedBytes }: SessionMemory['contexts'][number]): LiveSite {
  const isStatement = name === 'CachedPlanSource';
  const pattern = purpose === '' ? '' : statementPattern(purpose);
  const things = thingsWithContexts[name];
  const words = contextWords(name);
  const what =
    pattern === ''
      ? words
      : things === undefined
        ? `${words} of \`${pattern}\``
        : `${things} like \`${pattern}\`${isStatement ? '' : ` (${words})`}`;
  const live = { heapUsed: Math.round(usedBytes), ...(isStatement && { preparedStatements: Math.round(count) }) };
  const site = plainSite('allocation-site', what, live, Math.round(count));
  return purpose === '' ? { ...site, isUnspecific: true } : site;
}

/** Of a context whose growth no statement explains: PostgreSQL itself never empties it. */
const contextMeanings: Readonly<Record<string, string>> = {
  CacheMemoryContext: 'what a session has looked up of tables and names, also of those that are gone, until it ends',
};

function contextWords(name: string): string {
  const meaning = contextMeanings[name];
  return `memory contexts \`${name}\`${meaning === undefined ? '' : ` (${meaning})`}`;
}
