import type { Client } from 'pg';
import { isTotalLine, parseMemoryContexts, preparedStatements, type SessionMemory } from './memory-contexts.js';
import type { MemoryLog } from './memory-log.js';

/** Each writes 16 KiB. */
const sessionsMax = 200;
/** What a line begins with by default: the time and, in brackets, the pid of who wrote it. */
const writer = /\[(\d+)\]/;

const logQuery = 'select pg_log_backend_memory_contexts(pid) from unnest($1::int[]) as pid';

export interface MemoryOfSessions {
  readonly usedBytes: number;
  readonly preparedStatements: number;
  /** By pid. */
  readonly sessions: ReadonlyMap<number, SessionMemory>;
}

/** `code` is PostgreSQL's own. */
function hintOf({ code }: Error & { readonly code?: string }): string {
  if (code === '42501')
    return '; `grant execute on function pg_log_backend_memory_contexts to` that user, or connect as a superuser';
  return code === '42883' ? '; that needs PostgreSQL 14 or newer' : '';
}

/** Reads the memory of every client's session from the server's log. */
export class SessionMemories {
  /** Of each session, the most other things that were listed beside its prepared statements. */
  private knownOthers = new Map<number, number>();
  /** Why it cannot be read; then it is not asked for again. */
  refusal: string | undefined;

  constructor(
    private readonly client: Client,
    private readonly log: MemoryLog,
  ) {}

  /** @returns undefined where it cannot be read, which `refusal` explains */
  async read(): Promise<MemoryOfSessions | undefined> {
    if (this.refusal !== undefined) return undefined;
    const pids = await this.sessionPids();
    if (pids.length > sessionsMax)
      return this.refuse(`${pids.length} sessions are more than the ${sessionsMax} that are read`);
    const memories = await this.ask(pids);
    if (memories === undefined) return undefined;
    const known = new Map<number, number>();
    let statements = 0;
    for (const [pid, { cached }] of memories) {
      const others = Math.max(this.knownOthers.get(pid) ?? 0, cached.others);
      known.set(pid, others);
      statements += preparedStatements(cached, others);
    }
    this.knownOthers = known;
    return {
      usedBytes: [...memories.values()].reduce((sum, { usedBytes }) => sum + usedBytes, 0),
      preparedStatements: statements,
      sessions: memories,
    };
  }

  /** All at once: their lines mix, and each carries the pid of its session. */
  private async ask(pids: readonly number[]): Promise<Map<number, SessionMemory> | undefined> {
    const memories = new Map<number, SessionMemory>();
    if (pids.length === 0) return memories;
    const lines = new Map<number, string[]>(pids.map((pid) => [pid, []]));
    const take = (line: string): boolean => {
      const pid = Number(writer.exec(line)?.[1]);
      lines.get(pid)?.push(line);
      const memory = isTotalLine(line) ? parseMemoryContexts(lines.get(pid) ?? []) : undefined;
      if (memory !== undefined) memories.set(pid, memory);
      return memories.size === pids.length;
    };
    try {
      await this.log.collect(() => this.client.query(logQuery, [pids]), take);
      const present = memories.size === pids.length ? [] : await this.sessionPids();
      const silent = present.filter((pid) => lines.has(pid) && !memories.has(pid));
      if (silent.length === 0) return memories;
      return this.refuse(
        `session ${silent[0]} did not log its memory within five seconds, or log_line_prefix lacks [%p]`,
      );
    } catch (error) {
      return this.refuse(error instanceof Error ? `${error.message}${hintOf(error)}` : String(error));
    }
  }

  private async sessionPids(): Promise<number[]> {
    const { rows } = await this.client.query<{ pid: number }>(
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
    );
    return rows.map(({ pid }) => pid);
  }

  private refuse(reason: string): undefined {
    this.refusal = reason;
    return undefined;
  }
}
