import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import type { ConnectContext, ProcessFacts } from '../../../../harness/model/runtime.js';
import { memoryLogOf } from '../../../../harness/runtimes/postgres/memory-log.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** Answers what contains a text; everything else is denied. */
function clientWith(answers: Readonly<Record<string, object>>): Client {
  const query = (text: string) => {
    const [, row] = Object.entries(answers).find(([part]) => text.includes(part)) ?? [];
    return row === undefined ? Promise.reject(new Error('permission denied')) : Promise.resolve({ rows: [row] });
  };
  return { query } as unknown as Client;
}

const attached = (purpose: ConnectContext['purpose']) => ({ isStarted: false, purpose }) as ConnectContext;
// No process has this id, so nothing is known of its standard error.
const facts = (workingDirectory: string) => ({ pid: 2 ** 30, workingDirectory }) as ProcessFacts;

test('a log that goes to no file is refused with what to do, and is not asked for at floors', async () => {
  const client = clientWith({ pg_current_logfile: { file: null } });
  await expect(memoryLogOf(client, facts('/nowhere'), attached('cause'))).resolves.toEqual({
    refusal: expect.stringContaining('its log goes to no file that plateau finds; set logging_collector = on'),
  });
  await expect(memoryLogOf(client, facts('/nowhere'), attached('measure'))).resolves.toEqual({ refusal: undefined });
});

test('a file that plateau may not read is read by the server, where its user may', async () => {
  const missing = { pg_current_logfile: { file: 'log/postgresql.log' } };
  await expect(memoryLogOf(clientWith(missing), facts('/nowhere'), attached('cause'))).resolves.toEqual({
    refusal: expect.stringContaining('its log log/postgresql.log may not be read'),
  });
  const text = Buffer.from('one\ntwo\n');
  const superuser = clientWith({ ...missing, pg_stat_file: { size: '0' }, pg_read_binary_file: { part: text } });
  const found = await memoryLogOf(superuser, facts('/nowhere'), attached('cause'));
  const lines: string[] = [];
  if ('log' in found)
    await found.log.collect(
      () => Promise.resolve(),
      (line) => lines.push(line) === 2,
    );
  expect(lines).toEqual(['one', 'two']);
});

test('what is written to a file from then on is read', async () => {
  const file = join(temporaryDirectory(), 'postgresql.log');
  writeFileSync(file, 'before\n');
  const client = clientWith({ pg_current_logfile: { file: basename(file) } });
  const found = await memoryLogOf(client, facts(dirname(file)), attached('cause'));
  const lines: string[] = [];
  const ask = () => Promise.resolve(writeFileSync(file, 'asked\n', { flag: 'a' }));
  if ('log' in found) await found.log.collect(ask, (line) => lines.push(line) === 1);
  expect(lines).toEqual(['asked']);
});
