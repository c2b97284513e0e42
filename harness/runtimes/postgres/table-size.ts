import type { Client } from 'pg';

/** More tables than these are measured, but not vacuumed: a round would be spent on it. */
const vacuumedMax = 100;

/**
 * What users keep their data in: tables, materialized views and sequences of their own, and the catalogs of large objects,
 * which stay when the row that names them has gone. `c` is `pg_class`, `n` its `pg_namespace`.
 */
export const isUsersData = `c.relkind in ('r', 'm', 'S') and c.relpersistence <> 't' and
  (n.nspname !~ '^pg_' and n.nspname <> 'information_schema' or
   n.nspname = 'pg_catalog' and c.relname in ('pg_largeobject', 'pg_largeobject_metadata'))`;

const from = 'from pg_class c join pg_namespace n on n.oid = c.relnamespace';

/**
 * Size of the user's data with its indexes, B, after VACUUM has made the place of dead rows usable again. It is the
 * collector of a database, and runs by itself once a minute at most: between, sound tables grow.
 */
export async function readTableSize(client: Client): Promise<number> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name ${from} where ${isUsersData} and c.relkind <> 'S' order by c.oid limit ${vacuumedMax}`,
  );
  if (rows.length > 0) {
    // What is locked is vacuumed at the next floor.
    await client.query(`vacuum (skip_locked, analyze false) ${rows.map(({ name }) => name).join(', ')}`);
  }
  const size = await client.query<{ bytes: string }>(
    `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes ${from} where ${isUsersData}`,
  );
  return Number(size.rows[0]?.bytes ?? 0);
}
