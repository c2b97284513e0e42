import type { Client } from 'pg';

/** More tables than these are measured, but not vacuumed: a round would be spent on it. */
const vacuumedMax = 100;

/**
 * Size of the user's tables with their indexes, B, after VACUUM has made the place of dead rows usable again. It is the
 * collector of a database, and runs by itself once a minute at most: between, sound tables grow.
 */
export async function readTableSize(client: Client): Promise<number> {
  const { rows } = await client.query<{ name: string; deadly: boolean }>(`
    select format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by c.oid limit ${vacuumedMax}`);
  if (rows.length > 0) {
    // What is locked is vacuumed at the next floor.
    await client.query(`vacuum (skip_locked, analyze false) ${rows.map(({ name }) => name).join(', ')}`);
  }
  const size = await client.query<{ bytes: string }>(`
    select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`);
  return Number(size.rows[0]?.bytes ?? 0);
}
