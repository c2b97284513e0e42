import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CompactionLocks } from '../../scenarios/series-api/target/compaction-locks.js';
import { ContinuousQueries } from '../../scenarios/series-api/target/continuous-queries.js';
import { createConnections } from '../../scenarios/series-api/target/defects/connections.js';
import type { DefectName } from '../../scenarios/series-api/target/defects/names.js';
import { RetentionPolicies } from '../../scenarios/series-api/target/retention-policies.js';
import { type Connections, ScopedConnections } from '../../scenarios/series-api/target/sqlite/connections.js';
import { SqliteFile } from '../../scenarios/series-api/target/sqlite/sqlite-file.js';
import { translateErrors } from '../../scenarios/series-api/target/sqlite/translate-error.js';

type Call = (file: SqliteFile) => unknown;

const policy = { name: 'p', series: 'cpu', keepDays: 30 };
const query = { name: 'q', sql: 'SELECT 1', everySeconds: 60 };
const retention =
  (call: (policies: RetentionPolicies) => unknown): Call =>
  (file) =>
    call(new RetentionPolicies(file));
const continuous =
  (call: (queries: ContinuousQueries) => unknown): Call =>
  (file) =>
    call(new ContinuousQueries(file));
const locks =
  (call: (locks: CompactionLocks) => unknown): Call =>
  (file) =>
    call(new CompactionLocks(file));

/** The 9 + 9 + 6 methods. */
const methods: Readonly<Record<string, Call>> = {
  'retention initTables': retention((policies) => policies.initTables()),
  'retention createPolicy': retention((policies) => policies.createPolicy(policy)),
  'retention getPolicies': retention((policies) => policies.getPolicies()),
  'retention getPolicy': retention((policies) => policies.getPolicy(1)),
  'retention updatePolicy': retention((policies) => policies.updatePolicy(1, 7)),
  'retention deletePolicy': retention((policies) => policies.deletePolicy(1)),
  'retention getExecutions': retention((policies) => policies.getExecutions(1)),
  'retention recordExecutionStart': retention((policies) => policies.recordExecutionStart(1)),
  'retention recordExecutionComplete': retention((policies) => policies.recordExecutionComplete(1, 5)),
  'continuous initTables': continuous((queries) => queries.initTables()),
  'continuous createQuery': continuous((queries) => queries.createQuery(query)),
  'continuous getQueries': continuous((queries) => queries.getQueries()),
  'continuous getQuery': continuous((queries) => queries.getQuery(1)),
  'continuous updateQuery': continuous((queries) => queries.updateQuery(1, 10)),
  'continuous deleteQuery': continuous((queries) => queries.deleteQuery(1)),
  'continuous getExecutions': continuous((queries) => queries.getExecutions(1)),
  'continuous recordExecution': continuous((queries) => queries.recordExecution(1, 5)),
  'continuous updateLastProcessedTime': continuous((queries) => queries.updateLastProcessedTime(1, '2026-01-01')),
  'locks initTable': locks((table) => table.initTable()),
  'locks acquireLock': locks((table) => table.acquireLock('p', 'me', 60_000)),
  'locks checkAndStealExpired': locks((table) => table.checkAndStealExpired('p', 'me', 60_000)),
  'locks releaseLock': locks((table) => table.releaseLock('p', 'me')),
  'locks getActiveLocks': locks((table) => table.getActiveLocks()),
  'locks cleanupExpiredLocks': locks((table) => table.cleanupExpiredLocks()),
};

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plateau-repositories-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
});

function damagedFile(connections: Connections): SqliteFile {
  writeFileSync(join(directory, 'damaged.db'), 'no database '.repeat(100));
  return new SqliteFile(connections, join(directory, 'damaged.db'));
}

/** A database with all tables and a row that every method finds. */
function preparedFile(connections: Connections): SqliteFile {
  const file = new SqliteFile(connections, join(directory, 'main.db'));
  for (const method of ['retention initTables', 'continuous initTables', 'locks initTable']) methods[method]!(file);
  new RetentionPolicies(file).recordExecutionStart(
    new RetentionPolicies(file).createPolicy({ ...policy, name: 'first' }),
  );
  new ContinuousQueries(file).createQuery({ ...query, name: 'first' });
  return file;
}

describe.each(Object.entries(methods))('%s', (_name, call) => {
  test('leaves no connection open, whether it fails or not', () => {
    const connections = new ScopedConnections();
    expect(() => call(damagedFile(connections))).toThrow('file is not a database');
    call(preparedFile(connections));
    expect(connections.open).toBe(0);
  });

  test.each([
    ['unclosed-on-error', 1, 0],
    ['with-only', 1, 1],
  ] as const)('%s: open after a failure and after a success', (defect: DefectName, failed, succeeded) => {
    const connections = createConnections(new Set([defect]));
    onTestFinished(() => connections.closeAll());
    expect(() => call(damagedFile(connections))).toThrow();
    expect(connections.open).toBe(failed);
    const file = preparedFile(new ScopedConnections());
    const before = connections.open;
    file.use(() => call(new SqliteFile(connections, join(directory, 'main.db'))));
    expect(connections.open - before).toBe(succeeded);
  });
});

test("a constraint that is broken is the caller's fault, a lock held by somebody else is nobody's", () => {
  const connections = new ScopedConnections(20);
  const policies = new RetentionPolicies(preparedFile(connections));
  const create = () => translateErrors(() => policies.createPolicy(policy));
  create();
  expect(create).toThrow(expect.objectContaining({ status: 409 }));
  expect(() => translateErrors(() => policies.recordExecutionStart(99))).toThrow(
    expect.objectContaining({ status: 409 }),
  );
  connections.use(join(directory, 'main.db'), (database) => {
    database.exec('BEGIN IMMEDIATE');
    expect(() => translateErrors(() => policies.deletePolicy(1))).toThrow(expect.objectContaining({ status: 503 }));
    database.exec('ROLLBACK');
  });
  expect(policies.deletePolicy(1)).toBe(true);
  expect(connections.open).toBe(0);
});

test("a lock is ours, somebody else's, or free again once it has expired", () => {
  const table = new CompactionLocks(preparedFile(new ScopedConnections()));
  expect(table.acquireLock('hour', 'me', 60_000)).toBe(true);
  expect(table.acquireLock('hour', 'you', 60_000)).toBe(false);
  expect(table.releaseLock('hour', 'you')).toBe(false);
  expect(table.releaseLock('hour', 'me')).toBe(true);
  expect(table.acquireLock('hour', 'me', -1)).toBe(true);
  expect(table.getActiveLocks()).toEqual([]);
  expect(table.acquireLock('hour', 'you', 60_000)).toBe(true);
  expect(table.getActiveLocks()).toMatchObject([{ partition: 'hour', owner: 'you' }]);
  expect(table.cleanupExpiredLocks()).toBe(0);
});
