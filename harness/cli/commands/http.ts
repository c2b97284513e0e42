import { dirname, relative, resolve } from 'node:path';
import { styleFor } from '../../../reporters/format/style.js';
import { loadDefinition } from '../../scenario/load-scenario.js';
import type { AddCommand, CliContext } from '../context.js';
import { addRequestFlags, upstreamOption } from '../http/request-flags.js';
import { type RequestScenarioFlags, requestScenario } from '../http/request-scenario.js';
import { scenarioText } from '../http/scenario-text.js';
import { writeNewModule } from '../init/new-module.js';
import { repeated } from '../options/options.js';
import { runOptionsOf } from '../options/run-flags.js';
import { withSeed } from '../options/shell-words.js';
import { addSoakFlags, type SoakFlags } from '../options/soak-flags.js';

/** Flags of `plateau http`. */
export type HttpFlags = SoakFlags & RequestScenarioFlags & { readonly writeScenario?: string };

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

async function http(context: CliContext, requests: readonly string[], flags: HttpFlags): Promise<number> {
  const { directory, commandLine } = context;
  const { scenario, files, notes } = await requestScenario(requests, flags, directory);
  for (const note of notes) context.output.notes.write(`${note}\n`);
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

function writeScenario({ output, directory }: CliContext, path: string, text: string): number {
  const shown = relative(directory, path);
  writeNewModule('--write-scenario', path, text, directory);
  const style = styleFor(output.report.color);
  output.report.write(`${style.green('✓')} ${style.bold(shown)}\nNext: plateau run ./${shown}\n`);
  return 0;
}
