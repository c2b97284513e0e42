// Which create/destroy pairs of public OpenAPI documents are found, and whether the scenarios made of them run:
// `npm run build && npx tsx test/accuracy/openapi.ts <name>=<document>...`, with names as in openapi-pairs.txt.
// A document is soaked for three rounds against a service made from it. Prints a table; ends with 1 when a scenario failed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FoundRequests, requestsOfOpenapi } from '../../harness/cli/http/from-openapi.js';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { execute, plateau } from '../support/cli.js';

interface Pair {
  readonly document: string;
  readonly method: string;
  readonly create: string;
  readonly destroy: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const mock = join(here, '../support/openapi-mock.mjs');
const repository = resolve(here, '../..');

const wanted: readonly Pair[] = readFileSync(join(here, 'openapi-pairs.txt'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, document, method, create, destroy] = /^(\w+) ([A-Z]+) (\S+) => (\S+)$/.exec(line) ?? [];
    return destroy === undefined ? [] : [{ document: document!, method: method!, create: create!, destroy }];
  });

/** A path of the document, as a request may fill it in. */
function filledPattern(path: string): RegExp {
  const parts = path.split(/\{[^{}]+\}/).map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:/.*)?${parts.join('[^/]+')}$`);
}

function isFound({ operations }: FoundRequests, { method, create, destroy }: Pair): boolean {
  return Object.values(operations).some(
    (operation) =>
      operation.create.method === method &&
      filledPattern(create).test(operation.create.path) &&
      filledPattern(destroy).test(operation.destroy?.path ?? ''),
  );
}

/** The scenario that the command line writes, compiled and soaked. */
async function soaked(file: string): Promise<RunRecord> {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-openapi-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const settings = { directory, environment: { API_TOKEN: 'token' } };
  const module = join(directory, 'made.scenario.ts');
  const start = `${process.execPath} ${mock} ${file}`;
  const written = await plateau(['http', '--openapi', file, '--start', start, '--write-scenario', module], settings);
  if (written.exitCode !== 0) throw new Error(written.stderr);
  const typeRoots = join(repository, 'node_modules/@types');
  const types = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'NodeNext',
    '--target',
    'ES2023',
    '--typeRoots',
    typeRoots,
  ];
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(repository, join(directory, 'node_modules/plateau'));
  const compiled = await execute(
    process.execPath,
    [join(repository, 'node_modules/typescript/bin/tsc'), ...types, module],
    settings,
  );
  if (compiled.exitCode !== 0) throw new Error(compiled.stdout);
  const short = ['--rounds', '3', '--cycles', '400', '--attribution', 'off', '--json', '--quiet'];
  const { stdout, stderr } = await plateau(['run', module, ...short], settings);
  if (stdout === '') throw new Error(stderr);
  return runRecordSchema.parse(JSON.parse(stdout));
}

let failed = false;
console.log('| document | pairs chosen | found | pairs in all | read in | cycles against the mock | failed |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const given of process.argv.slice(2)) {
  const [name = '', path = ''] = given.split('=');
  const file = resolve(path);
  const startedMs = performance.now();
  const found = await requestsOfOpenapi(file);
  const readMs = Math.round(performance.now() - startedMs);
  const chosen = wanted.filter(({ document }) => document === name);
  const missed = chosen.filter((pair) => !isFound(found, pair));
  const { counts, failures = [] } = await soaked(file);
  failed ||= counts.failed > 0 || counts.cycles === 0;
  const pairs = Object.values(found.operations).filter(({ destroy }) => destroy !== undefined).length;
  console.log(
    `| ${name} | ${chosen.length} | ${chosen.length - missed.length} | ${pairs} | ${readMs} ms | ${counts.cycles} | ${counts.failed} |`,
  );
  for (const { method, create, destroy } of missed) console.error(`  missed ${method} ${create} => ${destroy}`);
  for (const { operation, phase, message } of failures) console.error(`  ${phase} of ${operation}: ${message}`);
}
process.exitCode = failed ? 1 : 0;
