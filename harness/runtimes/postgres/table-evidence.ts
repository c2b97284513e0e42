import type { Client } from 'pg';
import type { LiveSite } from '../../model/runtime.js';
import { countOfEach } from '../../platform/count-of-each.js';
import { mergeSites } from '../merge-readings.js';
import { namePattern } from '../name-pattern.js';
import { plainSite } from '../plain-site.js';
import { sessionWords } from './session-words.js';
import { isUsersData } from './table-size.js';

interface TableRow {
  readonly name: string;
  readonly kind: 'table' | 'sequence' | 'materialized view';
  readonly temporary: boolean;
  readonly bytes: string;
  readonly rows: number;
  /** Versions of rows that were updated or deleted, and that VACUUM had to leave. */
  readonly oldVersions: number;
}

const tablesQuery = `
  select case when c.relpersistence = 't' then c.relname else c.oid::regclass::text end as name,
         case c.relkind when 'S' then 'sequence' when 'm' then 'materialized view' else 'table' end as kind,
         c.relpersistence = 't' as temporary, pg_total_relation_size(c.oid) as bytes, greatest(c.reltuples, 0) as rows,
         coalesce(pg_stat_get_dead_tuples(c.oid), 0)::int as "oldVersions"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm') and c.relpersistence = 't' or ${isUsersData}`;

interface IndexRow {
  readonly name: string;
  readonly table: string;
  readonly bytes: string;
}

const indexesQuery = `
  select i.indexrelid::regclass::text as name, c.oid::regclass::text as table, pg_relation_size(i.indexrelid) as bytes
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
   where ${isUsersData}`;

interface HolderRow {
  readonly kind: 'session' | 'prepared' | 'slot';
  readonly name: string;
  readonly state: string | null;
}

/** Who may still look at the oldest version of a row: VACUUM leaves what was current then. */
const oldestQuery = `
  select kind, name, state from (
    select 'session' as kind, query as name, state, age(backend_xmin) as age from pg_stat_activity
     where backend_xmin is not null and backend_type = 'client backend' and pid <> pg_backend_pid()
    union all select 'prepared', gid, null, age(transaction) from pg_prepared_xacts
    union all select 'slot', slot_name, null, greatest(age(xmin), age(catalog_xmin)) from pg_replication_slots
  ) as snapshots where age is not null order by age desc limit 1`;

/** Tables by the patterns of their names, and what VACUUM had to leave in them. */
export async function readTables(client: Client): Promise<LiveSite[]> {
  const { rows: tables } = await client.query<TableRow>(tablesQuery);
  const { rows: indexes } = await client.query<IndexRow>(indexesQuery);
  const { rows: oldest } = await client.query<HolderRow>(oldestQuery);
  const many = manyIndexes(tables, indexes);
  const bytesOfMany = new Map<string, number>();
  for (const { table, bytes } of many) bytesOfMany.set(table, (bytesOfMany.get(table) ?? 0) + Number(bytes));
  const withoutThose = tables.map((table) => ({
    ...table,
    bytes: String(Number(table.bytes) - (bytesOfMany.get(table.name) ?? 0)),
  }));
  return [...tableSites(withoutThose, oldest[0]), ...mergeSites(many.map(indexSite))];
}

/** Indexes of which a table has more than one under alike names: those grow by their number, all others with the rows. */
function manyIndexes(tables: readonly TableRow[], indexes: readonly IndexRow[]): IndexRow[] {
  const patternOf = ({ name, table }: IndexRow) => `${namePattern(table)} ${namePattern(name)}`;
  const tableCounts = countOfEach(tables.map(({ name }) => namePattern(name)));
  const indexCounts = countOfEach(indexes.map(patternOf));
  return indexes.filter(
    (index) => indexCounts.get(patternOf(index))! > (tableCounts.get(namePattern(index.table)) ?? 1),
  );
}

function indexSite({ name, table, bytes }: IndexRow): LiveSite {
  const what = `indexes of the table \`${namePattern(table)}\` like \`${namePattern(name)}\``;
  return plainSite('retainer', what, { tableSize: Number(bytes) }, 1);
}

/** Those that differ in ids alone are one: a schema for each tenant has the same tables. */
function tableSites(tables: readonly TableRow[], oldest: HolderRow | undefined): LiveSite[] {
  const groups = new Map<string, TableRow[]>();
  for (const table of tables) {
    const key = `${table.temporary} ${table.kind} ${namePattern(table.name)}`;
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  return [...groups.values()].flatMap((group) => {
    const site = tablesSite(group);
    const old = oldest === undefined ? undefined : oldVersionsSite(group, oldest);
    if (old === undefined) return [site];
    const tableSize = site.live.tableSize! - old.live.tableSize!;
    return [{ ...site, live: { ...site.live, tableSize } }, old];
  });
}

/** What VACUUM had to leave in tables, and for whom. */
function oldVersionsSite(group: readonly TableRow[], oldest: HolderRow): LiveSite | undefined {
  const count = group.reduce((sum, { oldVersions }) => sum + oldVersions, 0);
  if (count === 0 || group[0]!.temporary) return undefined;
  const tableSize = group.reduce(
    (sum, { bytes, rows, oldVersions }) => sum + Number(bytes) * (oldVersions / Math.max(1, rows + oldVersions)),
    0,
  );
  const where = `old versions of rows in \`${namePattern(group[0]!.name)}\``;
  const site = plainSite('retainer', `${where}, which VACUUM leaves for ${holderWords(oldest)},`, { tableSize }, count);
  // Their holder may change from reading to reading.
  return { ...site, key: where };
}

function holderWords({ kind, name, state }: HolderRow): string {
  if (kind === 'slot') return `the replication slot \`${name}\``;
  if (kind === 'prepared') return `the prepared transaction \`${name}\``;
  return sessionWords(state, name);
}

const largeObjects = /^pg_largeobject/;

/** One table grows by its rows, many by their number. */
function tablesSite(group: readonly TableRow[]): LiveSite {
  const [{ name, kind, temporary, rows }] = group as [TableRow];
  const tableSize = group.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  if (temporary)
    return plainSite(
      'retainer',
      `temporary tables like \`${namePattern(name)}\``,
      { temporaryTables: group.length },
      group.length,
    );
  if (largeObjects.test(name)) return plainSite('retainer', 'pages of large objects', { tableSize }, rows);
  const live = { tableSize, databaseObjects: group.length };
  return group.length > 1
    ? plainSite('retainer', `${kind}s like \`${namePattern(name)}\``, live, group.length)
    : plainSite('retainer', `rows of the ${kind} \`${name}\``, live, rows);
}
