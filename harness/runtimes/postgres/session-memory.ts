import type { Client } from 'pg';
import { isTotalLine, parseMemoryContexts, preparedStatements, type SessionMemory } from './memory-contexts.js';
import type { MemoryLog } from './memory-log.js';

/** Each takes 2 to 10 ms. */
const sessionsMax = 200;

export interface MemoryOfSessions {
  readonly usedBytes: number;
  readonly preparedStatements: number;
  readonly sessions: readonly SessionMemory[];
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
    const known = new Map<number, number>();
    const sessions: SessionMemory[] = [];
    let statements = 0;
    for (const pid of pids) {
      const memory = await this.ofSession(pid);
      if (memory === 'ended') continue;
      if (memory === undefined) return undefined;
      const others = Math.max(this.knownOthers.get(pid) ?? 0, memory.cached.others);
      known.set(pid, others);
      statements += preparedStatements(memory.cached, others);
      sessions.push(memory);
    }
    this.knownOthers = known;
    return {
      usedBytes: sessions.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
      preparedStatements: statements,
      sessions,
    };
  }

  /** One at a time, so that their lines do not mix. */
  private async ofSession(pid: number): Promise<SessionMemory | 'ended' | undefined> {
    const ask = () => this.client.query('select pg_log_backend_memory_contexts($1)', [pid]);
    try {
      const lines = await this.log.collect(ask, isTotalLine);
      if (lines !== undefined) return parseMemoryContexts(lines);
      if (!(await this.sessionPids()).includes(pid)) return 'ended';
      return this.refuse(`session ${pid} did not log its memory within a second`);
    } catch (error) {
      return this.refuse(error instanceof Error ? error.message : String(error));
    }
  }

  private async sessionPids(): Promise<number[]> {
    const { rows } = await this.client.query<{ pid: number }>(
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() order by pid`,
    );
    return rows.map(({ pid }) => pid);
  }

  private refuse(reason: string): undefined {
    this.refusal = `the memory of sessions cannot be read: ${reason}`;
    return undefined;
  }
}
