import type { Client } from 'pg';
import { statementPattern } from './statement-pattern.js';

export function sessionWords(state: string | null, query: string): string {
  return `a session, ${stateWords(state, query)}`;
}

export function stateWords(state: string | null, query: string): string {
  const last = query === '' ? 'without a statement' : `whose last statement was \`${statementPattern(query)}\``;
  return `${state ?? 'of unknown state'}, ${last}`;
}

/** What sessions do, by pid. */
export async function wordsOfSessions(client: Client, pids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await client.query<{ pid: number; state: string | null; query: string }>(
    'select pid, state, query from pg_stat_activity where pid = any($1::int[])',
    [pids],
  );
  return new Map(rows.map(({ pid, state, query }) => [pid, sessionWords(state, query)]));
}
