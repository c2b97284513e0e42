import { basename, dirname, relative } from 'node:path';
import { faultLabels } from '../../model/fault.js';
import type { ScenarioDefinition } from '../../model/scenario.js';
import type { Loop, ShrinkResult } from '../../model/shrink.js';
import type { DefinedScenario } from '../../run/shrink/loop.js';
import { reducedTo } from '../../run/shrink/loop.js';
import type { GivenRequests } from '../http/request-scenario.js';
import { type RequestScenario, scenarioText } from '../http/scenario-text.js';

/** Of the module, and of the scenario in it. */
export const smallestSuffix = '-smallest';

/** The module of a loop of `plateau http`: all of it is data. */
export function requestLoopText(
  source: DefinedScenario,
  { loop }: ShrinkResult,
  { files }: Pick<GivenRequests, 'files'>,
  { directory, path }: { readonly directory: string; readonly path: string },
): string {
  const { faults: _, ...scenario } = reducedTo(source, loop).scenario as RequestScenario;
  const named = { ...scenario, name: `${scenario.name}${smallestSuffix}`, summary: loop.operations.join(', ') };
  return scenarioText(named, { directory, moduleDirectory: dirname(path), files });
}

/** The module of a loop of a scenario that lies in another module, in the same directory. */
export function loopText(
  { scenario, file = '' }: DefinedScenario,
  result: ShrinkResult,
  defects: readonly string[],
): string {
  const { loop, metric, run } = result;
  const plants = typeof scenario.target === 'function';
  const target = plants ? `  target: whole.target({ defects: [${defects.map(quoted).join(', ')}] }),\n` : '';
  const operations = loop.operations.map((name) => `    ${quoted(name)}: ${operationText(name, scenario, loop)},\n`);
  return `import { defineScenario } from 'plateau';
import whole from './${moduleName(file)}';

/** The smallest loop of ${scenario.name} in which ${metric} grows as in the run ${run}. */
export default defineScenario({
  ...whole,
  name: ${quoted(`${scenario.name}${smallestSuffix}`)},
${target}  concurrency: ${loop.concurrency},
  faults: [],
  operations: {
${operations.join('')}  },
});
`;
}

function operationText(name: string, { operations }: ScenarioDefinition, { inputs }: Loop): string {
  const { fault } = operations[name]!;
  const own = fault === undefined ? name : name.replace(` (${faultLabels[fault]})`, '');
  const fields = [
    `...whole.operations[${quoted(own)}]`,
    ...(fault === undefined ? [] : [`fault: '${fault}'`]),
    ...(inputs === 'all' ? [] : [`inputs: [${inputs.join(', ')}]`]),
  ];
  return `{ ${fields.join(', ')} }`;
}

/** As another module imports it, compiled or not. */
function moduleName(file: string): string {
  return basename(file).replace(/\.([cm]?)ts$/, '.$1js');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Beside the module that it was made of, else in the working directory. */
export function defaultModulePath(source: DefinedScenario, directory: string): string {
  const name =
    source.file === undefined
      ? source.name.replaceAll('/', '-')
      : basename(source.file).replace(/(\.scenario)?\.[cm]?[jt]s$/, '');
  const from = source.file === undefined ? directory : dirname(source.file);
  const extension = /\.[cm]?js$/.exec(source.file ?? '')?.[0] ?? '.ts';
  return `${relative('', from) === '' ? '.' : from}/${name}${smallestSuffix}.scenario${extension}`;
}
