import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientFaults, type Fault, faultLabels, upstreamFaults } from '../../harness/model/fault.js';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/http/', import.meta.url));

interface Service {
  readonly name: string;
  /** The fault on whose path it leaks. */
  readonly fault: Fault;
  readonly request?: string;
  readonly module?: string;
}

/** Services that leak on an error path alone, each with a sound twin. */
const services: readonly Service[] = [
  { name: 'upload', fault: 'abort-body', request: 'POST /' },
  { name: 'events', fault: 'abort-answer' },
  { name: 'report', fault: 'abort' },
  { name: 'slow', fault: 'timeout' },
  { name: 'orders', fault: 'bad-body', request: 'POST /' },
  { name: 'pool', fault: 'abort' },
  { name: 'malformed', fault: 'malformed' },
  { name: 'half', fault: 'half-open' },
  { name: 'chat', fault: 'abort-answer', module: 'chat.scenario.mjs' },
  { name: 'quote', fault: 'upstream-reset' },
  { name: 'profile', fault: 'upstream-stall' },
  { name: 'retry', fault: 'upstream-refuse' },
];

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

const allOfUpstreams = Object.keys(upstreamFaults).flatMap((fault) => ['--fault', `${fault}=0.15`]);

async function soak({ name, fault, request = '/', module }: Service, leaks: boolean): Promise<RunRecord> {
  const line = `node ${fixtures}error-services.mjs ${name}${leaks ? ' leak' : ''}`;
  const body = request.startsWith('POST') ? ['--body', `{"items": [${'1, '.repeat(200)}1]}`] : [];
  const faults =
    fault in clientFaults
      ? ['--faults', 'all']
      : ['--upstream', `UPSTREAM_URL=${upstreamUrl}`, ...allOfUpstreams, '--connections', '2'];
  const given = module === undefined ? ['http', '--start', line, request, ...body] : ['run', `${fixtures}${module}`];
  const settings = { directory: temporaryDirectory(), environment: { LEAK: leaks ? '1' : '0' } };
  const { stdout } = await plateau([...given, ...faults, '--attribution', 'off', '--json', '--quiet'], settings);
  return runRecordSchema.parse(JSON.parse(stdout));
}

test.each(services)('$name leaks under $fault, which is named', async (service) => {
  const record = await soak(service, true);
  note(service, 'leak', record);
  expect(record.verdict).toBe('leak');
  expect(blamed(record).join()).toContain(`(${faultLabels[service.fault]})`);
});

test.each(services)('the sound twin of $name is not reported to leak', async (service) => {
  const record = await soak(service, false);
  note(service, 'sound', record);
  expect(record.verdict).not.toBe('leak');
});

/** Operations that a leak is attributed to. */
function blamed({ findings }: RunRecord): string[] {
  return [
    ...new Set(findings.flatMap(({ verdict, operation }) => (verdict === 'leak' && operation ? [operation] : []))),
  ];
}

function note({ name, fault }: Service, twin: string, record: RunRecord): void {
  if (process.env.ERROR_PATH_TABLE === undefined) return;
  const seconds = Math.round((Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1_000);
  const row = `| ${name} | ${twin} | ${fault} | ${record.verdict} | ${blamed(record).join(', ')} | ${seconds} s |\n`;
  appendFileSync(process.env.ERROR_PATH_TABLE, row);
}
