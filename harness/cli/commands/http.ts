import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { styleFor } from '../../../reporters/format/style.js';
import { PlateauError } from '../../model/errors.js';
import type { TargetDefinition } from '../../model/scenario.js';
import { loadDefinition } from '../../scenario/load-scenario.js';
import { storeError } from '../../store/store-error.js';
import type { AddCommand, CliContext } from '../context.js';
import { type FoundRequests, requestsOfOpenapi } from '../http/from-openapi.js';
import { requestsOfAccessLog, requestsOfHar } from '../http/from-traffic.js';
import { type ReadRequests, readRequests } from '../http/read-requests.js';
import {
  addRequestFlags,
  type GivenUpstream,
  type RequestFlags,
  requestDefaults,
  upstreamOption,
} from '../http/request-flags.js';
import { type RequestScenario, scenarioText } from '../http/scenario-text.js';
import { startedTarget } from '../http/start-option.js';
import { repeated } from '../options/options.js';
import { runOptionsOf } from '../options/run-flags.js';
import { withSeed } from '../options/shell-words.js';
import { addSoakFlags, type SoakFlags } from '../options/soak-flags.js';

type Flags = SoakFlags &
  RequestFlags & {
    readonly start?: string;
    readonly writeScenario?: string;
    readonly openapi?: string;
    readonly har?: string;
    readonly accessLog?: string;

    readonly upstream?: readonly GivenUpstream[];
  };

const defaultConnections = 10;

const help = `
A request: [weight*][METHOD ]<url or path>[ -> [METHOD ]<path>]; what is after -> undoes the request.
Values: {input} one of 256, {cycle} ever new, {env:NAME}, {csv:COLUMN}; after -> also {json:FIELD} and {header:NAME} of the answer.

Examples:
  $ plateau http 'http://127.0.0.1:3000/search?q={input}'               a service that runs
  $ plateau http --start 'node server.js' /search                      one that plateau starts, watched from inside
  $ plateau http --start 'python3 app.py --port {port}' /search         any program, seen from outside
  $ plateau http --start 'npm start' '3*/search' 'POST /orders' --body '{"item": {input}}'
  $ plateau http --start 'node server.js' 'POST /carts -> DELETE /carts/{json:id}'
  $ plateau http --start 'node server.js' /search --write-scenario search.scenario.ts`;

export const addHttpCommand: AddCommand = (program, act) => {
  const command = program
    .command('http')
    .description('soak HTTP requests without writing a scenario')
    .argument('[request...]', 'URLs, or paths where --start starts the target')
    .option('--start <command>', 'starts the target; a Node script is watched from inside')
    .option('--openapi <file>', 'pairs of an OpenAPI document: a POST, and the DELETE of what it made')
    .option('--har <file>', 'requests of a HAR file, in their mix')
    .option('--access-log <file>', 'GET requests of an access log, in their mix')
    .option(
      '--upstream <VARIABLE=url>',
      'what the target depends on, by the variable it takes the address from: for upstream faults; repeatable',
      repeated(upstreamOption('--upstream')),
    )
    .option('--write-scenario <file>', 'write the module that does the same, and run nothing');
  addSoakFlags(addRequestFlags(command)).addHelpText('after', help).action(act(http));
};

async function http(context: CliContext, requests: readonly string[], flags: Flags): Promise<number> {
  const { directory, commandLine } = context;
  const { defaults, files } = requestDefaults(flags, directory);
  const read = withFound(readRequests(requests, defaults), await foundRequests(flags, directory), flags);
  for (const note of read.notes) context.output.notes.write(`${note}\n`);
  const scenario = requestScenario(read, flags, directory);
  const source = loadDefinition(scenario, directory, 'plateau http');
  if (flags.writeScenario !== undefined) {
    const path = resolve(directory, flags.writeScenario);
    const { faults } = runOptionsOf(flags);
    const text = scenarioText(
      { ...scenario, ...(faults !== undefined && { faults }) },
      { directory, moduleDirectory: dirname(path), files },
    );
    return writeScenario(context, path, text);
  }
  const { checkWanted, soakOptionsOf, soakRuns } = await import('../suite/soak.js');
  const options = await soakOptionsOf(flags, directory);
  const rerun = (seed: number) => withSeed(commandLine, seed);
  const wanted = { scenario: source, options: { ...options, command: commandLine, rerun } };
  checkWanted(wanted);
  return soakRuns(context, [wanted], flags);
}

type AllRequests = ReadRequests & { readonly notes: readonly string[] };

async function foundRequests({ openapi, har, accessLog }: Flags, directory: string): Promise<FoundRequests[]> {
  return [
    ...(openapi === undefined ? [] : [await requestsOfOpenapi(resolve(directory, openapi))]),
    ...(har === undefined ? [] : [requestsOfHar(resolve(directory, har))]),
    ...(accessLog === undefined ? [] : [requestsOfAccessLog(resolve(directory, accessLog))]),
  ];
}

/** Requests of the command line and of files; a URL alone says where those of the files go. */
function withFound(given: ReadRequests, found: readonly FoundRequests[], { start }: Flags): AllRequests {
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

function requestScenario({ origin, operations }: ReadRequests, flags: Flags, directory: string): RequestScenario {
  if (Object.keys(operations).length === 0)
    throw new PlateauError('PLATEAU_INVALID_OPTION', 'Requests: expected at least one, got none.', {
      hint: 'plateau http http://127.0.0.1:3000/search, or --openapi spec.yaml',
    });
  const { connections = defaultConnections, pipelining = 1 } = flags;
  return {
    name: scenarioName(operations, flags.start, origin),
    summary: Object.keys(operations).join(', '),
    target: targetOf(origin, flags.start, directory),
    operations,
    ...(flags.csv !== undefined && { csv: resolve(directory, flags.csv) }),
    ...(flags.upstream !== undefined && {
      upstreams: Object.fromEntries(flags.upstream.map(({ variable, url }) => [variable, url])),
    }),
    concurrency: connections * pipelining,
    ...(pipelining > 1 && { pipelining }),
  };
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` when it is not known where to ask */
function targetOf(origin: string | undefined, start: string | undefined, directory: string): TargetDefinition {
  if (start !== undefined) return startedTarget(start, directory, origin);
  if (origin !== undefined) return { url: origin };
  throw new PlateauError(
    'PLATEAU_INVALID_OPTION',
    'Requests: expected a URL where --start is not given, got paths alone.',
    {
      hint: "plateau http http://127.0.0.1:3000/search, or --start 'node server.js' /search",
    },
  );
}

/** After the target and the first path: runs of the same request make one trend. */
function scenarioName(
  operations: ReadRequests['operations'],
  start: string | undefined,
  origin: string | undefined,
): string {
  const [first = ''] = Object.keys(operations);
  const script = start?.split(/\s+/).findLast((word) => /\.\w+$/.test(word) && !word.startsWith('-'));
  const target = script !== undefined ? basename(script) : origin !== undefined ? new URL(origin).host : 'http';
  const path = first.replace(/^\S+ /, '').replace(/\?.*$/s, '');
  const name = `${target}${path}`.replaceAll(/[^\w.]+/g, '-').replaceAll(/^[^a-z0-9]+|-+$/gi, '');
  return name === '' ? 'http' : name;
}

function writeScenario({ output, directory }: CliContext, path: string, text: string): number {
  const shown = relative(directory, path);
  if (existsSync(path))
    throw new PlateauError(
      'PLATEAU_INVALID_OPTION',
      `--write-scenario: expected a new file, got ${shown}, which is there already.`,
      {
        hint: 'give another name, or remove the file',
      },
    );
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw storeError('write', path, error);
  }
  const style = styleFor(output.report.color);
  output.report.write(`${style.green('✓')} ${style.bold(shown)}\nNext: plateau run ./${shown}\n`);
  return 0;
}
