import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { readServer } from '../../../../harness/runtimes/postgres/server-evidence.js';

interface Table {
  readonly name: string;
  readonly temporary?: boolean;
  readonly bytes: string;
  readonly rows: number;
  readonly kind?: string;
  readonly oldVersions?: number;
}

interface Others {
  /** What users have made beside tables. */
  readonly objects?: readonly { readonly name: string }[];
  readonly indexes?: readonly { readonly name: string; readonly table: string; readonly bytes: string }[];
  /** Who looks at the oldest rows. */
  readonly oldest?: { readonly kind: string; readonly name: string; readonly state?: string };
}

async function sitesOf(tables: readonly Table[], { objects = [], indexes = [], oldest }: Others = {}) {
  const answer = (text: string) => {
    if (text.includes('reltuples')) return tables.map((table) => ({ kind: 'table', oldVersions: 0, ...table }));
    if (text.includes('pg_describe_object')) return objects;
    if (text.includes('pg_index ')) return indexes;
    return text.includes('as snapshots') && oldest !== undefined ? [oldest] : [];
  };
  const query = async (text: string) => ({ rows: answer(text) });
  const { sites } = await readServer({ query } as unknown as Client, new Map(), []);
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
    { what: 'tables like `tenant_*.orders`', live: { tableSize: 24_576, databaseObjects: 2 }, count: 2 },
    { what: 'rows of the table `audit_2026`', live: { tableSize: 24_576, databaseObjects: 1 }, count: 170 },
    { what: 'temporary tables like `basket_*`', live: { temporaryTables: 1 }, count: 1 },
  ]);
});

test('large objects are named as such', async () => {
  expect(await sitesOf([{ name: 'pg_largeobject', bytes: '81920', rows: 200 }])).toEqual([
    { what: 'pages of large objects', live: { tableSize: 81_920 }, count: 200 },
  ]);
});

test('sequences, functions and roles are named by their patterns', async () => {
  const sequences = [1, 2].map((number) => ({ name: `invoice_${number}`, kind: 'sequence', bytes: '8192', rows: 1 }));
  const objects = [{ name: 'function tenant_1_total(integer)' }, { name: 'function tenant_2_total(integer)' }];
  expect(await sitesOf(sequences, { objects: [...objects, { name: 'role tenant_1' }] })).toEqual([
    { what: 'sequences like `invoice_*`', live: { tableSize: 16_384, databaseObjects: 2 }, count: 2 },
    { what: 'database objects like `function tenant_*_total(integer)`', live: { databaseObjects: 2 }, count: 2 },
    { what: 'database objects like `role tenant_*`', live: { databaseObjects: 1 }, count: 1 },
  ]);
});

test('old versions of rows are named apart, with who keeps VACUUM from removing them', async () => {
  const oldest = { kind: 'session', name: "begin; select 'report'", state: 'idle in transaction' };
  expect(await sitesOf([{ name: 'stock', bytes: '40000', rows: 50, oldVersions: 350 }], { oldest })).toEqual([
    { what: 'rows of the table `stock`', live: { tableSize: 5_000, databaseObjects: 1 }, count: 50 },
    {
      what: "old versions of rows in `stock`, which VACUUM leaves for a session, idle in transaction, whose last statement was `begin; select '*'`,",
      live: { tableSize: 35_000 },
      count: 350,
    },
  ]);
});

test('indexes are named apart where a table has many alike, else they grow with its rows', async () => {
  const tables = [1, 2].map((number) => ({ name: `tenant_${number}.orders`, bytes: '20000', rows: 9 }));
  const indexes = [
    ...tables.map(({ name }) => ({ name: `${name}_pkey`, table: name, bytes: '4000' })),
    ...[1, 2, 3].map((number) => ({ name: `goods_by${number}`, table: 'goods', bytes: '8000' })),
    { name: 'goods_pkey', table: 'goods', bytes: '4000' },
  ];
  expect(await sitesOf([...tables, { name: 'goods', bytes: '30000', rows: 5 }], { indexes })).toEqual([
    { what: 'tables like `tenant_*.orders`', live: { tableSize: 40_000, databaseObjects: 2 }, count: 2 },
    { what: 'rows of the table `goods`', live: { tableSize: 6_000, databaseObjects: 1 }, count: 5 },
    { what: 'indexes of the table `goods` like `goods_by*`', live: { tableSize: 24_000 }, count: 3 },
  ]);
});
