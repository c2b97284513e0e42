import type { Client } from 'pg';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import { childrenOf } from '../../platform/process-tree.js';
import { objectsCountQuery } from './database-objects.js';
import type { FoundLog } from './memory-log.js';
import { readNotificationQueue } from './notification-queue.js';
import { bytesOutsideContexts, readOutsideContexts } from './outside-contexts.js';
import { readRetainedLog } from './replication-slots.js';
import { readServer } from './server-evidence.js';
import { SessionMemories } from './session-memory.js';
import { readTableSize } from './table-size.js';

export interface PostgresConnectionParts {
  readonly client: Client;
  /** Of the server. */
  readonly pid: number;
  /** Where sessions write what memory they have. */
  readonly found: FoundLog;
  /** plateau's own server: its tables may be vacuumed. */
  readonly isStarted: boolean;
  /** Of the run, for files. */
  readonly directory: string;
}

/** Locks of transactions on themselves come and go with these; temporary tables are seen of this database alone. */
const countsQuery = `
  with sessions as (
    select pid, xact_start from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
  )
  select
    (select count(*)::int from sessions) as "sessions",
    (select count(*)::int from sessions where xact_start is not null)
      + (select count(*)::int from pg_prepared_xacts) as "openTransactions",
    (select count(*)::int from pg_locks
      where locktype not in ('virtualxid', 'transactionid') and (pid is null or pid in (select pid from sessions))) as "locks",
    (select count(*)::int from pg_class where relpersistence = 't' and relkind in ('r', 'p')) as "temporaryTables",
    (select count(*)::int from pg_replication_slots) as "replicationSlots",
    (${objectsCountQuery}) as "databaseObjects"`;

/** Sessions of other users, and what they do, are shown to some users alone. */
async function hiddenSessions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ user: string; mayRead: boolean }>(
    `select current_user as "user", pg_has_role('pg_read_all_stats', 'usage') as "mayRead"`,
  );
  const { user, mayRead } = rows[0]!;
  return mayRead
    ? []
    : [`sessions of other users, their locks and statements are hidden from ${user}: \`grant pg_monitor to ${user}\``];
}

/** A PostgreSQL server: one connection reports of all its sessions. */
export class PostgresConnection implements RuntimeConnection {
  private readonly memories: SessionMemories | undefined;

  constructor(private readonly parts: PostgresConnectionParts) {
    const { client, found } = parts;
    this.memories = 'log' in found ? new SessionMemories(client, found.log) : undefined;
  }

  async floor(): Promise<MetricValues> {
    const { client, isStarted, directory } = this.parts;
    // VACUUM writes to the log.
    const retainedLog = await readRetainedLog(client);
    const tableSize = isStarted ? await readTableSize(client) : undefined;
    const memory = await this.memories?.read();
    const outside = memory === undefined ? undefined : bytesOutsideContexts(directory, memory.sessions);
    const { rows } = await client.query<MetricValues>(countsQuery);
    return {
      ...rows[0],
      notificationQueue: await readNotificationQueue(client),
      retainedLog,
      ...(memory !== undefined && { heapUsed: memory.usedBytes, preparedStatements: memory.preparedStatements }),
      ...(outside !== undefined && { nativeUsed: [...outside.values()].reduce((sum, bytes) => sum + bytes, 0) }),
      ...(tableSize !== undefined && { tableSize }),
    };
  }

  async evidence(): Promise<RuntimeReading> {
    const { client, found, directory } = this.parts;
    const sessions = (await this.memories?.read())?.sessions ?? new Map();
    const outside = bytesOutsideContexts(directory, sessions) ?? new Map();
    const reading = await readServer(client, sessions, this.covers());
    const sites = [...reading.sites, ...(await readOutsideContexts(client, outside))];
    const reason = 'log' in found ? this.memories?.refusal : found.refusal;
    const refusals = [
      ...(reason === undefined ? [] : [`the memory of sessions cannot be read: ${reason}`]),
      ...(await hiddenSessions(client)),
    ];
    return { ...reading, sites, warnings: [...reading.warnings, ...refusals] };
  }

  /** Sessions and workers: all that the server has started. */
  covers(): readonly number[] {
    return childrenOf(this.parts.pid);
  }

  close(): Promise<void> {
    return this.parts.client.end();
  }
}
