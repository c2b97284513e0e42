import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sqlite, { type Database } from 'node-sqlite3-wasm';
import { afterAll, beforeAll, it } from 'vitest';
import { historyTrends } from '../../harness/analyse/nights/history-changes.js';
import { openHistory } from '../../harness/store/history/history.js';
import { rowColumns, runColumns } from '../../harness/store/history/history-schema.js';
import { htmlHistory, jsonHistory, terminalHistory } from '../../reporters/index.js';
import { damaged, expectInert, fuzzing, hostileText, orRaisedLater } from '../support/fuzz.js';
import { nightEntry } from '../support/nights.js';

const out = mkdtempSync(join(tmpdir(), 'plateau-fuzz-'));
const history = openHistory(out);
let whole: Buffer;

beforeAll(async () => {
  await history.add(
    [1, 2, 3, 4].map((night) => nightEntry({ number: night, scenario: 'api/sessions', heapSlope: night })),
  );
  whole = readFileSync(history.path);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

async function show(): Promise<void> {
  const entries = await orRaisedLater(() => history.entries());
  if (entries === undefined) return;
  const trends = historyTrends(entries);
  expectInert('markup', htmlHistory(trends));
  expectInert('terminal', terminalHistory(trends, { width: 100 }));
  expectInert('terminal', jsonHistory(trends));
}

it('a database that was damaged is refused with a message, or shown', async () => {
  await fc.assert(
    fc.asyncProperty(damaged(whole), async (bytes) => {
      writeFileSync(history.path, bytes);
      await show();
    }),
    fuzzing,
  );
});

it('a database that a stranger filled is refused with a message, or shown', async () => {
  const value = fc.oneof(hostileText, fc.constantFrom(null, 0, -1, 1e308, 0.5), fc.uint8Array({ maxLength: 9 }));
  const update = fc.oneof(
    fc.record({ table: fc.constant('runs'), column: fc.constantFrom(...runColumns), value }),
    fc.record({ table: fc.constant('metrics'), column: fc.constantFrom(...rowColumns), value }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(update, { minLength: 1, maxLength: 3 }), async (updates) => {
      writeFileSync(history.path, whole);
      const database: Database = new sqlite.Database(history.path);
      for (const { table, column, value: given } of updates) {
        try {
          database.run(`UPDATE ${table} SET ${column} = ? WHERE rowid IS NOT NULL OR run_id IS NOT NULL`, [given]);
        } catch {
          // Two keys that are the same, or no value where there must be one.
        }
      }
      database.close();
      await show();
    }),
    fuzzing,
  );
});
