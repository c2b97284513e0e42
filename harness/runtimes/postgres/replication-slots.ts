import type { Client } from 'pg';
import type { LiveSite } from '../../model/runtime.js';
import { namePattern } from '../name-pattern.js';
import { plainSite } from '../plain-site.js';

/** How far a slot is behind the log: what its reader has not confirmed, all of which stays on disk. */
const behindQuery = `
  pg_wal_lsn_diff(
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
    coalesce(confirmed_flush_lsn, restart_lsn))`;

/** B. The log is one, and stays as far back as the slot that is furthest behind. */
export async function readRetainedLog(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select greatest(max(${behindQuery}), 0)::float8 as bytes from pg_replication_slots`,
  );
  return rows[0]?.bytes ?? 0;
}

interface SlotRow {
  readonly name: string;
  readonly type: string;
  readonly active: boolean;
  /** B; null for one that keeps no log yet. */
  readonly behind: number | null;
}

const slotsQuery = `
  select slot_name as name, slot_type as type, active, ${behindQuery}::float8 as behind
    from pg_replication_slots order by behind desc nulls last`;

export async function replicationSites(client: Client): Promise<LiveSite[]> {
  const { rows } = await client.query<SlotRow>(slotsQuery);
  return rows.map(({ name, type, active, behind }, index) =>
    plainSite(
      'retainer',
      `${type} replication slots like \`${namePattern(name)}\`, ${active ? 'in use' : 'not in use'},`,
      { replicationSlots: 1, ...(index === 0 && { retainedLog: Math.max(behind ?? 0, 0) }) },
      1,
    ),
  );
}
