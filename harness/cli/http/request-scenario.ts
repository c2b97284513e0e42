import { resolve } from 'node:path';
import { invalidOption } from '../../model/errors.js';
import type { TargetDefinition } from '../../model/scenario.js';
import { requestsOfAccessLog } from './from-access-log.js';
import { requestsOfHar } from './from-har.js';
import { type FoundRequests, requestsOfOpenapi } from './from-openapi.js';
import { type ReadRequests, readRequests } from './read-requests.js';
import { type GivenUpstream, httpSettings, type RequestFlags, requestDefaults } from './request-flags.js';
import type { RequestScenario } from './scenario-text.js';
import { nameOfStarted, startedTarget } from './start-option.js';

/** Flags that say what is asked, and of whom. */
export interface RequestScenarioFlags extends RequestFlags {
  readonly start?: string;
  readonly openapi?: string;
  readonly har?: string;
  readonly accessLog?: string;
  readonly upstream?: readonly GivenUpstream[];
}

export interface GivenRequests {
  readonly scenario: RequestScenario;
  /** Bytes that were read from files, and which, absolute. */
  readonly files: ReadonlyMap<unknown, string>;
  /** What the user should know. */
  readonly notes: readonly string[];
}

/**
 * Each round opens them at once. Python's `socketserver` lets five wait to be accepted, and what comes beyond is tried again
 * after a second: 1,500 requests in fifteen rounds took 0.6 s over five connections, 15 s over ten.
 */
const defaultConnections = 5;

/**
 * The scenario that a call of `plateau http` describes.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION`
 */
export async function requestScenario(
  requests: readonly string[],
  flags: RequestScenarioFlags,
  directory: string,
): Promise<GivenRequests> {
  const { defaults, files } = requestDefaults(flags, directory);
  const read = withFound(readRequests(requests, defaults), await foundRequests(flags, directory), flags);
  return { scenario: scenarioOf(read, flags, directory), files, notes: read.notes };
}

type AllRequests = ReadRequests & { readonly notes: readonly string[] };

async function foundRequests(
  { openapi, har, accessLog }: RequestScenarioFlags,
  directory: string,
): Promise<FoundRequests[]> {
  return [
    ...(openapi === undefined ? [] : [await requestsOfOpenapi(resolve(directory, openapi))]),
    ...(har === undefined ? [] : [requestsOfHar(resolve(directory, har))]),
    ...(accessLog === undefined ? [] : [requestsOfAccessLog(resolve(directory, accessLog))]),
  ];
}

/** Requests of the command line and of files; a URL alone says where those of the files go. */
function withFound(given: ReadRequests, found: readonly FoundRequests[], { start }: RequestScenarioFlags): AllRequests {
  if (found.length === 0) return { ...given, notes: [] };
  const { 'GET /': root, ...others } = given.operations;
  const isAddressAlone = root !== undefined && Object.keys(others).length === 0;
  const origin = given.origin ?? (start === undefined ? found.find((source) => source.origin)?.origin : undefined);
  return {
    ...(origin !== undefined && { origin }),
    operations: Object.assign({}, isAddressAlone ? {} : given.operations, ...found.map(({ operations }) => operations)),
    notes: found.flatMap(({ notes }) => notes),
  };
}

function scenarioOf(
  { origin, operations }: ReadRequests,
  flags: RequestScenarioFlags,
  directory: string,
): RequestScenario {
  if (Object.keys(operations).length === 0)
    throw invalidOption(
      'Requests: expected at least one, got none.',
      'plateau http http://127.0.0.1:3000/search, or --openapi spec.yaml',
    );
  const { connections = defaultConnections, pipelining = 1 } = flags;
  const target = targetOf(origin, flags, directory);
  return {
    name: scenarioName(operations, target),
    summary: Object.keys(operations).join(', '),
    target,
    operations,
    ...(flags.csv !== undefined && { csv: resolve(directory, flags.csv) }),
    ...(flags.upstream !== undefined && {
      upstreams: Object.fromEntries(flags.upstream.map(({ variable, url }) => [variable, url])),
    }),
    ...httpSettings(flags, directory),
    concurrency: connections * pipelining,
    ...(pipelining > 1 && { pipelining }),
  };
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` when it is not known where to ask */
function targetOf(
  origin: string | undefined,
  { start, openapi }: RequestScenarioFlags,
  directory: string,
): TargetDefinition {
  if (start !== undefined) return startedTarget(start, directory, origin);
  if (origin !== undefined) return { url: origin };
  throw invalidOption(
    'Requests: expected a URL where --start is not given, got paths alone.',
    openapi === undefined
      ? "plateau http http://127.0.0.1:3000/search, or --start 'node server.js' /search"
      : `the document names no server: plateau http http://127.0.0.1:3000 --openapi ${openapi}, or --start 'node server.js'`,
  );
}

/** After the target and the first path: runs of the same request make one trend. */
function scenarioName(operations: ReadRequests['operations'], target: TargetDefinition): string {
  const [first = ''] = Object.keys(operations);
  const started = nameOfStarted(target) ?? ('url' in target ? new URL(target.url).host : 'http');
  const path = first.replace(/^\S+ /, '').replace(/\?.*$/s, '');
  const name = `${started}${path}`.replaceAll(/[^\w.]+/g, '-').replaceAll(/^[^a-z0-9]+|-+$/gi, '');
  return name === '' ? 'http' : name;
}
