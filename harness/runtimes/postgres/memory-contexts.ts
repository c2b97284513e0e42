/** Memory contexts of one name and what they say they are for, in one session. */
export interface ContextGroup {
  readonly name: string;
  /** What the context is for, e.g. the text of a prepared statement. */
  readonly purpose: string;
  count: number;
  usedBytes: number;
}

/** Children of the context that keeps prepared statements, plans, and what is known of tables. */
export interface CachedThings {
  /** Listed ones, by what they are. */
  readonly statements: number;
  readonly plans: number;
  readonly others: number;
  readonly unlisted: number;
}

/** What a session logs of its memory. */
export interface SessionMemory {
  /** In use by the session, what its allocator holds in reserve left out. */
  readonly usedBytes: number;
  /** All that the contexts have from the allocator of the C library. */
  readonly blockBytes: number;
  readonly contexts: readonly ContextGroup[];
  readonly cached: CachedThings;
}

const total = /Grand total: (\d+) bytes in \d+ blocks; \d+ free \(\d+ chunks\); (\d+) used/;
/** A context shows what it is for behind its numbers. */
const listed = /level: (\d+); (.+?): \d+ total in \d+ blocks; \d+ free \(\d+ chunks\); (\d+) used(?:: (.*))?$/;
/** PostgreSQL lists a hundred children of a context, the latest first, and adds up the others, at the level of the context. */
const unlisted = /level: (\d+); (\d+) more child contexts containing \d+ total in \d+ blocks; .*; (\d+) used/;

export const isTotalLine = (line: string): boolean => total.test(line);

/** Reads what `pg_log_backend_memory_contexts` made a session write; `undefined` where its end is missing. */
export function parseMemoryContexts(lines: readonly string[]): SessionMemory | undefined {
  const reader = new ContextReader();
  for (const line of lines) {
    const [, blockBytes, usedBytes] = total.exec(line) ?? [];
    if (usedBytes !== undefined)
      return { usedBytes: Number(usedBytes), blockBytes: Number(blockBytes), ...reader.read };
    const [, level, name, used, purpose = ''] = listed.exec(line) ?? [];
    const [, parentLevel, count, sharedBytes] = unlisted.exec(line) ?? [];
    if (parentLevel !== undefined) reader.addUnlisted(Number(parentLevel) + 1, Number(count), Number(sharedBytes));
    else if (level !== undefined) reader.addListed(Number(level), { name: name!, purpose, usedBytes: Number(used) });
  }
  return undefined;
}

class ContextReader {
  private readonly groups = new Map<string, ContextGroup>();
  /** Groups of the contexts that were listed since the last one of a lower level, by level. */
  private readonly siblings: ContextGroup[][] = [];
  private readonly parents: string[] = [];
  private readonly cached = { statements: 0, plans: 0, others: 0, unlisted: 0 };

  get read(): { contexts: ContextGroup[]; cached: CachedThings } {
    return { contexts: [...this.groups.values()], cached: this.cached };
  }

  addListed(level: number, { name, purpose, usedBytes }: Omit<ContextGroup, 'count'>): void {
    if (this.isCached(level)) {
      const kind = name === 'CachedPlanSource' ? 'statements' : name === 'CachedPlan' ? 'plans' : 'others';
      this.cached[kind] += 1;
    }
    this.parents[level] = name;
    this.siblings.length = Math.min(this.siblings.length, level + 1);
    const key = `${name}\n${purpose}`;
    const group = this.groups.get(key) ?? { name, purpose, count: 0, usedBytes: 0 };
    this.groups.set(key, group);
    group.count += 1;
    group.usedBytes += usedBytes;
    this.siblings[level] = [...(this.siblings[level] ?? []), group];
  }

  /** They came before those that are listed, and are taken to be like them. */
  addUnlisted(level: number, count: number, usedBytes: number): void {
    if (this.isCached(level)) this.cached.unlisted += count;
    const alike = this.siblings[level] ?? [];
    for (const group of alike) {
      group.count += count / alike.length;
      group.usedBytes += usedBytes / alike.length;
    }
  }

  private isCached(level: number): boolean {
    return this.parents[level - 1] === 'CacheMemoryContext';
  }
}

/**
 * Statements that a session keeps prepared.
 * @param knownOthers most other things that were ever listed beside them: those that are no longer listed are still there
 */
export function preparedStatements(
  { statements, plans, others, unlisted: rest }: CachedThings,
  knownOthers: number,
): number {
  if (statements === 0) return 0;
  const unlistedOnes = Math.max(0, rest - Math.max(0, knownOthers - others));
  return statements + Math.round((unlistedOnes * statements) / (statements + plans));
}
