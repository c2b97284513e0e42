import { fileURLToPath } from 'node:url';
import { clientFaults, type Fault, faultLabels, upstreamFaults } from '../../harness/model/fault.js';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from './cli.js';
import { temporaryDirectory } from './temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/http/', import.meta.url));

/** A service of `error-services.mjs` that leaks on an error path alone, and has a sound twin. */
export interface ErrorService {
  readonly name: string;
  /** Faults on whose path it leaks: the first must be named, and none that is not among them. */
  readonly faults: readonly Fault[];
  readonly request?: string;
  readonly module?: string;
  readonly given?: readonly string[];
}

export const errorServices: readonly ErrorService[] = [
  { name: 'upload', faults: ['abort-body'], request: 'POST /' },
  { name: 'events', faults: ['abort-answer', 'abort'] },
  { name: 'report', faults: ['abort'] },
  { name: 'streams', faults: ['abort'], given: ['--http2'] },
  { name: 'slow', faults: ['timeout', 'abort', 'slow-read'] },
  { name: 'orders', faults: ['bad-body'], request: 'POST /' },
  { name: 'pool', faults: ['abort'] },
  // A connection that ends in the middle of a head, or with an answer unread, is no HTTP either.
  { name: 'malformed', faults: ['malformed', 'half-open', 'slow-read'] },
  { name: 'half', faults: ['half-open', 'malformed'] },
  // Whatever a client does to the handshake, it leaves the room without a goodbye.
  {
    name: 'chat',
    faults: ['abort', 'abort-answer', 'abort-body', 'slow-read', 'bad-body', 'timeout'],
    module: 'chat.scenario.mjs',
  },
  { name: 'quote', faults: ['upstream-reset', 'upstream-refuse', 'upstream-stall', 'upstream-cut'] },
  {
    name: 'profile',
    faults: ['upstream-stall', 'upstream-refuse', 'upstream-reset', 'upstream-delay', 'upstream-cut'],
  },
  { name: 'retry', faults: ['upstream-refuse', 'upstream-reset', 'upstream-stall', 'upstream-cut'] },
];

export interface ErrorSoak {
  readonly leaks: boolean;
  /** Of what `quote`, `profile` and `retry` ask. */
  readonly upstreamUrl?: string;
  /** @defaultValue true */
  readonly isDisturbed?: boolean;
  readonly more?: readonly string[];
}

/** Soaks a service under every fault that applies. */
export async function soakErrorService(service: ErrorService, soak: ErrorSoak): Promise<RunRecord> {
  const { name, faults, request = '/', module, given = [] } = service;
  const { leaks, upstreamUrl = '', isDisturbed = true, more = [] } = soak;
  const line = `node ${fixtures}error-services.mjs ${name}${leaks ? ' leak' : ''}`;
  const body = request.startsWith('POST') ? ['--body', `{"items": [${'1, '.repeat(200)}1]}`] : [];
  const isOfClients = faults.every((fault) => fault in clientFaults);
  const upstream = isOfClients ? [] : ['--upstream', `UPSTREAM_URL=${upstreamUrl}`, '--connections', '2'];
  const all = isOfClients
    ? ['--faults', 'all']
    : Object.keys(upstreamFaults).flatMap((fault) => ['--fault', `${fault}=0.15`]);
  const command = module === undefined ? ['http', '--start', line, request, ...body] : ['run', `${fixtures}${module}`];
  const settings = { directory: temporaryDirectory(), environment: { LEAK: leaks ? '1' : '0' } };
  const options = [...given, ...upstream, ...(isDisturbed ? all : []), ...more, '--json', '--quiet'];
  const { stdout, stderr } = await plateau([...command, ...options], settings);
  if (stdout === '') throw new Error(stderr);
  return runRecordSchema.parse(JSON.parse(stdout));
}

/** Faults by which a record says that something leaks, in the order of the table. */
export function blamedFaults({ findings }: RunRecord): Fault[] {
  const operations = findings.flatMap(({ verdict, operation, byOperation = [] }) => {
    if (verdict !== 'leak') return [];
    if (operation !== undefined) return [operation];
    return byOperation.flatMap((share) => (share.grows === 'yes' ? [share.operation] : []));
  });
  const names = Object.keys(faultLabels) as Fault[];
  return names.filter((fault) => operations.some((operation) => operation.endsWith(`(${faultLabels[fault]})`)));
}
