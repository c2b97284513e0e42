import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const service = `node ${fileURLToPath(new URL('../fixtures/http/error-paths.mjs', import.meta.url))}`;

async function soak(given: readonly string[], environment: Readonly<Record<string, string>>) {
  const all = ['http', '--start', service, ...given, '--json', '--quiet'];
  const { exitCode, stdout, stderr } = await plateau(all, { directory: temporaryDirectory(), environment });
  expect(stderr).toBe('');
  const record: RunRecord = runRecordSchema.parse(JSON.parse(stdout));
  return { exitCode, record };
}

const body = ['--body', '{"items": [1, 2, 3]}'];

test.each([
  ['abort-body', ['POST /upload', ...body], 'POST /upload (aborted in mid-body)'],
  ['abort', ['/report'], 'GET /report (aborted)'],
  ['bad-body', ['POST /orders', ...body], 'POST /orders (with half a body)'],
])('a leak on an error path alone is found, with the fault named: %s', async (fault, given, operation) => {
  const { record } = await soak([...given, '--fault', `${fault}=0.3`], { LEAK: fault });
  expect(record.verdict, record.reason).toBe('leak');
  const named = new Set(record.findings.map((finding) => finding.verdict === 'leak' && finding.operation));
  expect(named).toContain(operation);
});

test('the sound twin passes under every fault that a client can cause', async () => {
  const { exitCode, record } = await soak(['POST /upload', ...body, '--faults', 'all'], {});
  expect(record.counts.failed).toBe(0);
  expect({ exitCode, reason: record.reason }).toMatchObject({ exitCode: 0 });
});

test('an upstream that resets: the leak is found and named, and the sound twin passes', async () => {
  const upstream = createServer((_request, response) => response.end('42'));
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  onTestFinished(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
  const given = ['/quote', '--upstream', `QUOTES_URL=${url}`, '--fault', 'upstream-reset=0.3', '--connections', '2'];
  const leaky = await soak(given, { LEAK: 'upstream-reset' });
  expect(leaky.record.verdict, leaky.record.reason).toBe('leak');
  expect(leaky.record.findings.map(({ operation }) => operation)).toContain('GET /quote (upstream resets)');
  const sound = await soak(given, {});
  expect({ exitCode: sound.exitCode, reason: sound.record.reason }).toMatchObject({ exitCode: 0 });
});
