import { readdirSync } from 'node:fs';
import type { Client } from 'pg';
import type { LiveSite, RuntimeReading } from '../../model/runtime.js';
import { mergeSites } from '../merge-readings.js';
import { namePattern } from '../name-pattern.js';
import { plainSite } from '../plain-site.js';
import { readContexts } from './context-evidence.js';
import { countObjects } from './database-objects.js';
import type { SessionMemory } from './memory-contexts.js';
import { notificationSites } from './notification-queue.js';
import { replicationSites } from './replication-slots.js';
import { stateWords } from './session-words.js';
import { statementPattern } from './statement-pattern.js';
import { readTables } from './table-evidence.js';

interface LockRow {
  readonly kind: string;
  readonly mode: string;
  readonly relation: string | null;
  readonly query: string | null;
  readonly count: number;
}

const locksQuery = `
  select l.locktype as kind, l.mode, l.relation::regclass::text as relation, a.query, count(*)::int as count
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
   where l.locktype not in ('virtualxid', 'transactionid') and (l.pid is null or
     (a.backend_type = 'client backend' and l.pid <> pg_backend_pid()))
   group by 1, 2, 3, 4`;

interface SessionRow {
  readonly name: string;
  readonly state: string | null;
  readonly query: string;
  readonly pids: readonly number[];
  readonly open: number;
}

const sessionsQuery = `
  select application_name as name, state, query, array_agg(pid) as pids, count(xact_start)::int as open
    from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() group by 1, 2, 3`;

/**
 * What a server holds, by what it is: tables, locks and sessions by their statements, and memory by context.
 * @param processes of its sessions, as this machine numbers them
 */
export async function readServer(
  client: Client,
  memory: ReadonlyMap<number, SessionMemory>,
  processes: readonly number[],
): Promise<RuntimeReading> {
  const locks = await client.query<LockRow>(locksQuery);
  const sessions = await client.query<SessionRow>(sessionsQuery);
  const objects = await countObjects(client);
  const sites = [
    ...locks.rows.map(lockSite),
    ...sessions.rows.map((session) => sessionSite(session, processes)),
    ...(await replicationSites(client)),
    ...(await readTables(client)),
    ...Array.from(objects, ([pattern, count]) =>
      plainSite('retainer', `database objects like \`${pattern}\``, { databaseObjects: count }, count),
    ),
    ...(await notificationSites(client)),
    ...(await readContexts(client, memory)),
  ];
  return { sites: mergeSites(sites), holders: [], warnings: [] };
}

function lockSite({ kind, mode, relation, query, count }: LockRow): LiveSite {
  const subject = relation === null ? '' : ` on \`${namePattern(relation)}\``;
  const statement =
    query === null || query === '' ? '' : ` of sessions whose last statement was \`${statementPattern(query)}\``;
  return plainSite('retainer', `${kind} locks (${mode})${subject}${statement}`, { locks: count }, count);
}

function sessionSite({ name, state, query, pids, open }: SessionRow, processes: readonly number[]): LiveSite {
  const who = name === '' ? '' : ` of \`${namePattern(name)}\``;
  const what = `sessions${who}, ${stateWords(state, query)}`;
  const sessions = pids.length;
  const fds = pids.filter((pid) => processes.includes(pid)).reduce((sum, pid) => sum + descriptorsOf(pid), 0);
  // Each has a process of its own, with one thread and its own descriptors.
  return plainSite(
    'handle',
    what,
    { sessions, openTransactions: open, children: sessions, threads: sessions, fds },
    sessions,
  );
}

/** None where the session has ended meanwhile, or its process may not be looked into. */
function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
