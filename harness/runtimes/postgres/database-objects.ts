import type { Client } from 'pg';
import { countOfEach } from '../../platform/count-of-each.js';
import { namePattern } from '../name-pattern.js';

/** Described at a floor of the cause pass: about 20 us each. */
const describedMax = 20_000;
/** Objects of the server's own have lower numbers. */
const firstUserOid = 16_384;

/** Catalogs of what users name, with what counts of each: parts of others, and what ends with a session, are left out. */
const catalogs: Readonly<Record<string, string>> = {
  pg_database: 'true',
  pg_event_trigger: 'true',
  pg_extension: 'true',
  pg_foreign_server: 'true',
  pg_namespace: `nspname !~ '^pg_(toast_)?temp_'`,
  pg_policy: 'true',
  pg_proc: 'true',
  pg_publication: 'true',
  pg_rewrite: `rulename <> '_RETURN'`,
  pg_statistic_ext: 'true',
  pg_trigger: 'not tgisinternal',
  // Those of tables, and arrays, belong to another one.
  pg_type: `typtype in ('d', 'e', 'r')`,
};

/** @param relations kinds of relations to count, as pg_class abbreviates them */
function objectsQuery(relations: string): string {
  const others = Object.entries(catalogs).map(
    ([catalog, condition]) =>
      `select '${catalog}'::regclass as catalog, oid from ${catalog} where oid >= ${firstUserOid} and ${condition}`,
  );
  return [
    `select 'pg_class'::regclass as catalog, oid from pg_class
       where oid >= ${firstUserOid} and relpersistence <> 't' and relkind in (${relations})`,
    // Not every user may read the catalog behind this view.
    `select 'pg_authid'::regclass, oid from pg_roles where oid >= ${firstUserOid}`,
    ...others,
  ].join(' union all ');
}

const labelsOfUsers = `pg_enum where oid >= ${firstUserOid}`;

/** How many tables, functions, roles, labels and other named things users have made, in the database and in the cluster. */
export const objectsCountQuery = `
  select (select count(*) from (${objectsQuery(`'r', 'p', 'v', 'm', 'f', 'S'`)}) as objects)::int
    + (select count(*) from ${labelsOfUsers})::int`;

/**
 * What users have made beside tables and sequences, by the patterns of their names: `function tenant_*_total(integer)`.
 * @returns how many there are of each; of more than 20,000, the latest
 */
export async function countObjects(client: Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string }>(
    `select pg_describe_object(catalog, oid, 0) as name from (${objectsQuery(`'p', 'v', 'f'`)}) as objects
      order by oid desc limit ${describedMax}`,
  );
  const counts = countOfEach(rows.map(({ name }) => namePattern(name)));
  // A label is part of its type, to which one is added after the other.
  const labels = await client.query<{ name: string; count: number }>(
    `select format_type(enumtypid, null) as name, count(*)::int as count from ${labelsOfUsers} group by enumtypid`,
  );
  for (const { name, count } of labels.rows) {
    const pattern = `label of type ${namePattern(name)}`;
    counts.set(pattern, (counts.get(pattern) ?? 0) + count);
  }
  return counts;
}
