import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { styleFor } from '../../../reporters/format/style.js';
import { invalidOption } from '../../model/errors.js';
import { configurationNames, findConfiguration } from '../../scenario/load-configuration.js';
import { storeError } from '../../store/store-error.js';
import type { AddCommand, CliContext } from '../context.js';
import { requestsOfHar } from '../http/from-har.js';
import { type FoundRequests, requestsOfOpenapi } from '../http/from-openapi.js';
import { scenarioText } from '../http/scenario-text.js';
import { type FoundServer, findServer, readPackage } from '../init/find-server.js';
import { fleetScript } from '../init/fleet-script.js';
import { configurationText, sampleScenario, serverScenario } from '../init/templates.js';

export const addInitCommand: AddCommand = (program, act) => {
  program
    .command('init')
    .description('write a first scenario and a configuration from what the project has; overwrites nothing')
    .option('--openapi <file>', 'a scenario of the create/destroy pairs of an OpenAPI document')
    .option('--fleet', 'also a script that tries a night on two workers and a Redis of this machine')
    .option('--har <file>', 'a scenario of the requests of a HAR file')
    .action(act(init));
};

interface Flags {
  readonly openapi?: string;
  readonly har?: string;
  readonly fleet?: true;
}

const fleetName = 'plateau-fleet.sh';
const sampleName = 'sessions.soak.mjs';

/** Asks nothing: what it writes is short, says what it is, and is meant to be changed. */
async function init(context: CliContext, flags: Flags): Promise<number> {
  const { directory, output } = context;
  const style = styleFor(output.report.color);
  const existing = findConfiguration(directory);
  if (flags.fleet) {
    const written = writeNew(join(directory, fleetName), fleetScript);
    output.report.write(
      `${style.bold(fleetName)}  ${written ? 'a Redis, two workers, a night' : 'is there already'}\n`,
    );
    if (existing !== undefined) {
      output.report.write(`Next: npm install --save-dev bullmq ioredis, then sh ${fleetName}\n`);
      return 0;
    }
  }
  if (existing !== undefined) {
    output.report.write(
      `${basename(existing)} is there already; nothing was written.\nNext: plateau nightly --dry-run\n`,
    );
    return 0;
  }
  const server = findServer(directory);
  const found = await foundRequests(flags, directory);
  const own = found === undefined ? ownScenarios(directory) : [];
  const first = own.length > 0 ? undefined : firstScenario(server, found, directory);
  const scenarios = first === undefined ? own : [first[0]];
  const configuration = configurationText({
    scenarios: scenarios.map((name) => `./${name}`),
    ...(server?.build !== undefined && { build: server.build }),
  });
  const suite = [
    configurationNames[0]!,
    configuration,
    own.length === 0 ? 'the suite, its time, and what is kept' : `a suite of ${own.join(', ')}`,
  ] as const;
  const files: readonly NewFile[] = first === undefined ? [suite] : [first, suite];
  for (const [name, content, why] of files) {
    const written = writeNew(join(directory, name), content);
    output.report.write(
      written
        ? `${style.green('✓')} ${style.bold(name)}  ${style.dim(why)}\n`
        : `· ${style.bold(name)}  ${style.dim('is there already and was left alone')}\n`,
    );
  }
  for (const note of found?.notes ?? []) output.report.write(`${note}\n`);
  if (found?.origin !== undefined && server === undefined)
    output.report.write(`The target is ${found.origin}, as the file says; set it to a service that may be changed\n`);
  const build = server?.build === undefined ? '' : `${server.build}, `;
  output.report.write(`Next: ${build}plateau run ./${scenarios[0]}, then plateau nightly\n`);
  return 0;
}

/** Name, content, and what it is. */
type NewFile = readonly [string, string, string];

function firstScenario(server: FoundServer | undefined, found: FoundRequests | undefined, directory: string): NewFile {
  const name = scenarioName(directory);
  const file = `${name}.scenario.ts`;
  if (found !== undefined)
    return [file, requestScenarioText(found, server, directory), Object.keys(found.operations).join(', ')];
  if (server !== undefined) return [file, serverScenario(name, server), reasonOf(server)];
  return [sampleName, sampleScenario, 'a sound sample: no script that listens was found'];
}

/** Scenarios that the user wrote are the suite; another one beside them would be a guess. */
function ownScenarios(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.scenario\.m?[jt]s$/.test(name))
    .sort();
}

async function foundRequests({ openapi, har }: Flags, directory: string): Promise<FoundRequests | undefined> {
  if (openapi !== undefined) return requestsOfOpenapi(resolve(directory, openapi));
  return har === undefined ? undefined : requestsOfHar(resolve(directory, har));
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` when neither the project nor the file says where the service is */
function requestScenarioText(
  { operations, origin }: FoundRequests,
  server: FoundServer | undefined,
  directory: string,
) {
  const target = server !== undefined ? { script: server.script } : origin !== undefined ? { url: origin } : undefined;
  if (target === undefined)
    throw invalidOption(
      'expected a script that listens, or a file that names a server, got neither.',
      'plateau http --start <command> --openapi <file> --write-scenario <file> says how it is started',
    );
  return scenarioText(
    { name: scenarioName(directory), target, operations },
    { directory, moduleDirectory: directory, files: new Map() },
  );
}

function reasonOf({ script, because, path }: FoundServer): string {
  return `soaks ${script} (${because})${path === undefined ? '' : ` by GET ${path}`}`;
}

/** @returns false when it is there already */
function writeNew(path: string, content: string): boolean {
  if (existsSync(path)) return false;
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storeError('write', path, error);
  }
}

/** After the package, else the directory, in letters that a scenario's name may have. */
function scenarioName(directory: string): string {
  const { name } = readPackage(directory) ?? {};
  const given = typeof name === 'string' && name !== '' ? name.replace(/^@[^/]*\//, '') : basename(directory);
  const usable = given.replaceAll(/[^\w.-]+/g, '-').replace(/^[^a-z0-9]+/i, '');
  return usable === '' ? 'service' : usable;
}
