import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { postgresAddresses } from '../../../../harness/runtimes/postgres/postgres-address.js';
import { statementPattern } from '../../../../harness/runtimes/postgres/statement-pattern.js';

const facts = (workingDirectory: string) => ({ pid: 1, arguments: [], mappedFiles: [], workingDirectory });

it("asks at the target's own address, which carries a user", () => {
  const url = 'postgresql://user@127.0.0.1/shop';
  expect(postgresAddresses(facts('/nowhere'), url)).toEqual([{ connectionString: url }]);
});

it('asks where the server notes that it listens, its socket first, as the variables of libpq say', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(
    join(directory, 'postmaster.pid'),
    '4711\n/var/lib/data\n1764\n5433\n/run/postgresql\n*\n 5 6\nready\n',
  );
  expect(postgresAddresses(facts(directory), 'http://127.0.0.1:5433', { PGUSER: 'shop' })).toEqual([
    { host: '/run/postgresql', port: 5433, user: 'shop', database: 'postgres' },
    { host: '127.0.0.1', port: 5433, user: 'shop', database: 'postgres' },
  ]);
  expect(postgresAddresses(facts('/nowhere'), undefined, {})).toEqual([]);
});

it.each([
  ["select * from users where name = 'O''Hara' and id = 12", "select * from users where name = '*' and id = *"],
  ['prepare find_12 as\n  select 12 + $1::int', 'prepare find_* as select * + $1::int'],
  [`select ${'x'.repeat(200)}`, `select ${'x'.repeat(93)}...`],
])('%s is like %s', (statement, pattern) => {
  expect(statementPattern(statement)).toBe(pattern);
});
