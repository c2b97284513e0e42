import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { blamedFaults, type ErrorService, errorServices, soakErrorService } from '../support/error-services.js';

let upstreamUrl = '';
const upstream = createServer((_request, response) => response.end('42'));
beforeAll(async () => {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
});

test.each(errorServices)('$name leaks under $faults, which are named, with the line', async (service) => {
  const record = await soakErrorService(service, { leaks: true, upstreamUrl });
  note(service, 'leak', record);
  expect(record.verdict).toBe('leak');
  const named = blamedFaults(record);
  expect(named).toContain(service.faults[0]);
  expect(service.faults).toEqual(expect.arrayContaining(named));
  expect(record.suspects[0]?.location?.file).toContain('error-services.mjs');
});

test.each(errorServices)('the sound twin of $name is not reported to leak', async (service) => {
  const record = await soakErrorService(service, { leaks: false, upstreamUrl });
  note(service, 'sound', record);
  expect(record.verdict).not.toBe('leak');
  expect(blamedFaults(record)).toEqual([]);
});

/** Seconds of the run beside those without faults, where they are wanted: `ERROR_PATH_TABLE=<file>`. */
function note({ name }: ErrorService, twin: string, record: RunRecord): void {
  if (process.env.ERROR_PATH_TABLE === undefined) return;
  const seconds = Math.round((Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1_000);
  const row = `| ${name} | ${twin} | ${record.verdict} | ${blamedFaults(record).join(', ')} | ${seconds} s |\n`;
  appendFileSync(process.env.ERROR_PATH_TABLE, row);
}
