import type { Client } from 'pg';
import type { LiveSite, RuntimeReading } from '../../model/runtime.js';
import { namePattern } from '../name-pattern.js';
import type { SessionMemory } from './memory-contexts.js';
import { statementPattern } from './statement-pattern.js';
import { isUsersData } from './table-size.js';

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
  readonly sessions: number;
  readonly open: number;
}

const sessionsQuery = `
  select application_name as name, state, query, count(*)::int as sessions, count(xact_start)::int as open
    from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() group by 1, 2, 3`;

interface TableRow {
  readonly name: string;
  readonly temporary: boolean;
  readonly bytes: string;
  readonly rows: number;
}

const tablesQuery = `
  select case when c.relpersistence = 't' then c.relname else c.oid::regclass::text end as name,
         c.relpersistence = 't' as temporary, pg_total_relation_size(c.oid) as bytes, greatest(c.reltuples, 0) as rows
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm') and c.relpersistence = 't' or ${isUsersData}`;

/** What a server holds, by what it is: tables, locks and sessions by their statements, and memory by context. */
export async function readServer(client: Client, memory: readonly SessionMemory[]): Promise<RuntimeReading> {
  const locks = await client.query<LockRow>(locksQuery);
  const sessions = await client.query<SessionRow>(sessionsQuery);
  const tables = await client.query<TableRow>(tablesQuery);
  const sites = [
    ...locks.rows.map(lockSite),
    ...sessions.rows.map(sessionSite),
    ...tableSites(tables.rows),
    ...memory.flatMap(({ contexts }) => contexts.map(contextSite)),
  ];
  return { sites: addUp(sites), holders: [], warnings: [] };
}

function lockSite({ kind, mode, relation, query, count }: LockRow): LiveSite {
  const subject = relation === null ? '' : ` on \`${namePattern(relation)}\``;
  const statement =
    query === null || query === '' ? '' : ` of sessions whose last statement was \`${statementPattern(query)}\``;
  return siteOf('retainer', `${kind} locks (${mode})${subject}${statement}`, { locks: count }, count);
}

function sessionSite({ name, state, query, sessions, open }: SessionRow): LiveSite {
  const who = name === '' ? '' : ` of \`${namePattern(name)}\``;
  const what = `sessions${who}, ${state ?? 'of unknown state'}, whose last statement was \`${statementPattern(query)}\``;
  // Each has a process of its own, with one thread.
  return siteOf('handle', what, { sessions, openTransactions: open, children: sessions, threads: sessions }, sessions);
}

/** Those that differ in ids alone are one: a schema for each tenant has the same tables. */
function tableSites(tables: readonly TableRow[]): LiveSite[] {
  const groups = new Map<string, TableRow[]>();
  for (const table of tables) {
    const key = `${table.temporary} ${namePattern(table.name)}`;
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return [...groups.values()].map(tablesSite);
}

const largeObjects = /^pg_largeobject/;

/** One table grows by its rows, many by their number. */
function tablesSite(group: readonly TableRow[]): LiveSite {
  const [{ name, temporary, rows }] = group as [TableRow];
  const tableSize = group.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  if (temporary)
    return siteOf(
      'retainer',
      `temporary tables like \`${namePattern(name)}\``,
      { temporaryTables: group.length },
      group.length,
    );
  if (largeObjects.test(name)) return siteOf('retainer', 'pages of large objects', { tableSize }, rows);
  return group.length > 1
    ? siteOf('retainer', `tables like \`${namePattern(name)}\``, { tableSize }, group.length)
    : siteOf('retainer', `rows of the table \`${name}\``, { tableSize }, rows);
}

function contextSite({ name, purpose, count, usedBytes }: SessionMemory['contexts'][number]): LiveSite {
  const isStatement = name === 'CachedPlanSource';
  const pattern = purpose === '' ? '' : statementPattern(purpose);
  const what = isStatement
    ? `prepared statements like \`${pattern}\``
    : `memory contexts \`${name}\`${pattern === '' ? '' : ` of \`${pattern}\``}`;
  const live = { heapUsed: Math.round(usedBytes), ...(isStatement && { preparedStatements: Math.round(count) }) };
  return siteOf('allocation-site', what, live, Math.round(count));
}

function siteOf(kind: LiveSite['kind'], what: string, live: LiveSite['live'], count: number): LiveSite {
  return { key: what, kind, what, live, count, stack: [] };
}

/** Those that differ in names and numbers alone are one. */
function addUp(sites: readonly LiveSite[]): LiveSite[] {
  const byKey = new Map<string, LiveSite>();
  for (const site of sites) {
    const present = byKey.get(site.key);
    if (present === undefined) {
      byKey.set(site.key, site);
      continue;
    }
    const live = { ...present.live };
    for (const [metric, value] of Object.entries(site.live)) live[metric] = (live[metric] ?? 0) + value;
    byKey.set(site.key, { ...present, live, count: present.count + site.count });
  }
  return [...byKey.values()];
}
