import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { readServer } from '../../../../harness/runtimes/postgres/server-evidence.js';

interface Table {
  readonly name: string;
  readonly temporary?: boolean;
  readonly bytes: string;
  readonly rows: number;
}

async function sitesOf(tables: readonly Table[]) {
  const query = async (text: string) => ({ rows: text.includes('reltuples') ? tables : [] });
  const { sites } = await readServer({ query } as unknown as Client, []);
  return sites.map(({ what, live, count }) => ({ what, live, count }));
}

test('tables that differ in ids alone are counted, one alone by its rows', async () => {
  expect(
    await sitesOf([
      { name: 'tenant_980.orders', bytes: '8192', rows: 0 },
      { name: 'tenant_990.orders', bytes: '16384', rows: 3 },
      { name: 'audit_2026', bytes: '24576', rows: 170 },
      { name: 'basket_7', temporary: true, bytes: '0', rows: 0 },
    ]),
  ).toEqual([
    { what: 'tables like `tenant_*.orders`', live: { tableSize: 24_576 }, count: 2 },
    { what: 'rows of the table `audit_2026`', live: { tableSize: 24_576 }, count: 170 },
    { what: 'temporary tables like `basket_*`', live: { temporaryTables: 1 }, count: 1 },
  ]);
});

test('large objects are named as such', async () => {
  expect(await sitesOf([{ name: 'pg_largeobject', bytes: '81920', rows: 200 }])).toEqual([
    { what: 'pages of large objects', live: { tableSize: 81_920 }, count: 200 },
  ]);
});
