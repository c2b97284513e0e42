import type { Client } from 'pg';
import type { LiveSite } from '../../model/runtime.js';
import { plainSite } from '../plain-site.js';
import { sessionWords } from './session-words.js';

/**
 * Bytes of notifications that a session which listens has not taken, in pages: one that is in a transaction takes none. The
 * server answers with a share of the queue, which has 1,048,576 pages where no setting limits it.
 */
const queueQuery = `
  select (pg_notification_queue_usage() * coalesce(current_setting('max_notify_queue_pages', true)::float8, 1048576)
    * current_setting('block_size')::float8)::bigint as bytes`;

interface SessionRow {
  readonly state: string | null;
  readonly query: string;
}

/** Nothing shows who listens. Whoever does not take notifications is in a transaction, or does not read its connection. */
const oldestQuery = `
  select state, query from pg_stat_activity
   where backend_type = 'client backend' and xact_start is not null and pid <> pg_backend_pid()
   order by xact_start limit 1`;

export async function readNotificationQueue(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(queueQuery);
  return Number(rows[0]?.bytes ?? 0);
}

export async function notificationSites(client: Client): Promise<LiveSite[]> {
  const notificationQueue = await readNotificationQueue(client);
  if (notificationQueue === 0) return [];
  const { rows } = await client.query<SessionRow>(oldestQuery);
  const oldest = rows[0];
  const who =
    oldest === undefined ? '' : ` (the oldest transaction is that of ${sessionWords(oldest.state, oldest.query)})`;
  const what = `notifications that a session which listens has not taken${who}`;
  return [{ ...plainSite('retainer', what, { notificationQueue }, 1), key: 'notifications' }];
}
