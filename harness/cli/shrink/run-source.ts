import { Command } from 'commander';
import { invalidOption, type PlateauError } from '../../model/errors.js';
import type { Manifest } from '../../model/run-log.js';
import type { RunOptions } from '../../model/run-options.js';
import { withOwnFaults } from '../../run/run-scenario.js';
import type { DefinedScenario } from '../../run/shrink/loop.js';
import { type LoadedScenario, loadDefinition } from '../../scenario/load-scenario.js';
import { addHttpCommand, type HttpFlags } from '../commands/http.js';
import { addRunCommand } from '../commands/run.js';
import type { Act } from '../context.js';
import { type GivenRequests, requestScenario } from '../http/request-scenario.js';
import { readShellWords } from '../options/shell-words.js';
import { type RunCommandFlags, wantedRuns } from '../suite/run-scenarios.js';
import { soakOptionsOf } from '../suite/soak.js';

/** What a stored run was made of. */
export interface RunSource {
  /** Each disturbed operation is one of its own. */
  readonly source: DefinedScenario;
  readonly options: RunOptions;
  /** Of `plateau http`, which has no module. */
  readonly requests?: GivenRequests;
}

/**
 * The scenario and the options of a stored run, read from the command that repeats it.
 * @throws {PlateauError} for a run that no such command repeats here, or whose scenario has changed since
 */
export async function sourceOfRun(manifest: Manifest, directory: string): Promise<RunSource> {
  const words = readShellWords(manifest.rerun);
  const given = await givenTo(words.slice(words.indexOf('plateau') + 1));
  const found = given && (await (given.name === 'http' ? ofRequests(given, directory) : ofScenario(given, directory)));
  if (found === undefined)
    throw invalid(manifest, 'one that `plateau run` or `plateau http` made', `the command ${manifest.rerun}`);
  const source = withOwnFaults(found.source, found.options);
  if (source.kind === 'functions')
    throw invalid(manifest, 'a scenario of several operations', 'a module of functions, which is one loop');
  const { operations } = source.scenario;
  const lost = manifest.operations.find((name) => operations[name] === undefined);
  if (lost !== undefined)
    throw invalid(manifest, `the scenario as it was then, with the operation "${lost}"`, 'one without');
  return { ...found, source };
}

interface Given {
  readonly name: string;
  readonly words: readonly string[];
  readonly flags: unknown;
}

/** A command line, understood and not carried out. */
async function givenTo(words: readonly string[]): Promise<Given | undefined> {
  let given: Given | undefined;
  const note: Act =
    () =>
    async (...handed) => {
      const [named, flags] = handed as unknown as [readonly string[], unknown];
      given = { name: (handed.at(-1) as Command).name(), words: named, flags };
    };
  const program = new Command('plateau').exitOverride().configureOutput({ outputError: () => undefined });
  program.option('--no-color').option('--verbose');
  addRunCommand(program, note);
  addHttpCommand(program, note);
  // What it was given lies in the words of a run that was made: another program made it, where they are not understood.
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined);
  return given;
}

type Found = Omit<RunSource, 'source'> & { readonly source: LoadedScenario };

async function ofRequests({ words, flags }: Given, directory: string): Promise<Found> {
  const requests = await requestScenario(words, flags as HttpFlags, directory);
  const source = loadDefinition(requests.scenario, directory, 'plateau http');
  return { source, options: await soakOptionsOf(flags as HttpFlags, directory), requests };
}

async function ofScenario({ words, flags }: Given, directory: string): Promise<Found | undefined> {
  const wanted = flags as RunCommandFlags;
  const options = await soakOptionsOf(wanted, directory);
  const [run] = await wantedRuns({ directory }, words, options, wanted.config);
  return run && { source: run.scenario, options: run.options };
}

function invalid({ id }: Manifest, expected: string, got: string): PlateauError {
  return invalidOption(
    `Run ${id}: expected ${expected}, got ${got}.`,
    'record the run again, in the directory where its scenario lies',
  );
}
