import { describe, expect, it } from 'vitest';
import { parseMemoryContexts, preparedStatements } from '../../../../harness/runtimes/postgres/memory-contexts.js';

const prefix = '2026-11-28 22:07:27.444 UTC [27355] LOG:  ';
const context = (level: number, name: string, used: number, purpose?: string) =>
  `${prefix}level: ${level}; ${name}: ${2 * used} total in 3 blocks; ${used} free (3 chunks); ${used} used${purpose === undefined ? '' : `: ${purpose}`}`;
const more = (level: number, count: number, used: number) =>
  `${prefix}level: ${level}; ${count} more child contexts containing ${2 * used} total in 9 blocks; ${used} free (7 chunks); ${used} used`;
const total = (used: number) =>
  `${prefix}Grand total: ${2 * used} bytes in 200 blocks; ${used} free (148 chunks); ${used} used`;

describe('parseMemoryContexts', () => {
  const lines = [
    `${prefix}logging memory contexts of PID 27355`,
    context(0, 'TopMemoryContext', 800),
    context(1, 'CacheMemoryContext', 4000),
    context(2, 'CachedPlanSource', 20, 'prepare a as select 1: 2'),
    context(3, 'CachedPlanQuery', 13),
    context(2, 'CachedPlanSource', 20, 'prepare b as select 1'),
    context(2, 'CachedPlan', 5),
    context(2, 'index info', 10, 'pg_class_oid_index'),
    more(1, 40, 400),
    `${prefix}connection received: host=127.0.0.1`,
    context(1, 'ErrorContext', 1),
    total(6000),
  ];

  it('adds up what is used, and takes what is not listed for more of the same', () => {
    const { usedBytes, contexts } = parseMemoryContexts(lines)!;
    expect(usedBytes).toBe(6000);
    expect(contexts).toContainEqual({
      name: 'CachedPlanSource',
      purpose: 'prepare a as select 1: 2',
      count: 11,
      usedBytes: 120,
    });
    expect(contexts).toContainEqual({ name: 'ErrorContext', purpose: '', count: 1, usedBytes: 1 });
  });

  it('knows what is cached', () => {
    expect(parseMemoryContexts(lines)!.cached).toEqual({ statements: 2, plans: 1, others: 1, unlisted: 40 });
  });

  it('is nothing where the end has not come', () => {
    expect(parseMemoryContexts(lines.slice(0, -1))).toBeUndefined();
  });
});

describe('preparedStatements', () => {
  it.each([
    ['all are listed', { statements: 30, plans: 0, others: 60, unlisted: 0 }, 60, 30],
    ['others are no longer listed', { statements: 100, plans: 0, others: 0, unlisted: 460 }, 60, 500],
    ['half of what is listed are plans', { statements: 50, plans: 50, others: 0, unlisted: 460 }, 60, 250],
    ['there are none', { statements: 0, plans: 3, others: 97, unlisted: 10 }, 97, 0],
  ])('where %s', (_, cached, knownOthers, count) => {
    expect(preparedStatements(cached, knownOthers)).toBe(count);
  });
});
