import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { PlateauError } from '../model/errors.js';
import type { Scenario } from '../model/scenario.js';
import { isScenarioDefinition } from './define-scenario.js';
import { importModule, reasonOf } from './import-module.js';
import { validateScenario } from './validate-scenario.js';

/**
 * A scenario and where it came from.
 * - `definition`: made by `defineScenario`; its operations run in plateau
 * - `functions`: a module that plateau must not load itself, since loading it is what a target does
 */
export type LoadedScenario = {
  /** What `plateau run` takes to find it again. */
  readonly reference: string;
} & (
  | {
      readonly kind: 'definition';
      readonly name: string;
      readonly scenario: Scenario;
      readonly directory: string;
      /** Its module; absent for a definition that was at hand already. */
      readonly file?: string;
    }
  | { readonly kind: 'functions'; readonly name: string; readonly file: string; readonly directory: string }
);

const moduleExtensions = /\.(ts|mts|cts|js|mjs|cjs)$/;

/**
 * Finds the module at a path and loads it when it defines a scenario.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO`, `PLATEAU_INVALID_SCENARIO`
 */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const file = resolve(path);
  if (!isFile(file)) {
    throw new PlateauError('PLATEAU_UNKNOWN_SCENARIO', `scenario ${path}: expected a module, got no file at ${file}`, {
      hint: '`plateau list` shows the scenarios that come with plateau',
    });
  }
  if (!moduleExtensions.test(file)) {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `scenario ${path}: expected a .ts, .mts, .js or .mjs module, got ${basename(file)}`,
    );
  }
  // A function module must be loaded in a process of its own, so the text decides who loads it first.
  if (/\bdefineScenario\b/.test(await readFile(file, 'utf8'))) {
    const loaded = await importDefinition(file);
    if (loaded !== undefined) return { ...loaded, reference: path, file };
  }
  return {
    kind: 'functions',
    reference: path,
    name: basename(file).replace(moduleExtensions, ''),
    file,
    directory: dirname(file),
  };
}

/** The scenario that a module exports by default; `undefined` when it exports something else. */
export async function importDefinition(file: string): Promise<(LoadedScenario & { kind: 'definition' }) | undefined> {
  const { default: exported } = await importModule(file).catch((cause: unknown) => {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `scenario ${file}: expected a module that loads, got\n${reasonOf(cause)}`,
      { cause },
    );
  });
  const definition = isScenarioDefinition(exported) ? exported : interopDefault(exported);
  if (definition === undefined) return undefined;
  return loadDefinition(definition, dirname(file), file);
}

/** A definition that is at hand already. */
export function loadDefinition(
  definition: unknown,
  directory: string,
  origin?: string,
): LoadedScenario & { kind: 'definition' } {
  const named = (definition as { name?: unknown }).name;
  const scenario = validateScenario(definition, origin ?? (typeof named === 'string' ? named : 'without a name'));
  return { kind: 'definition', reference: scenario.name, name: scenario.name, scenario, directory };
}

/** A TypeScript module in a CommonJS package comes as `{default: {default: ...}}`. */
function interopDefault(exported: unknown): Scenario | undefined {
  const inner =
    typeof exported === 'object' && exported !== null ? (exported as { default?: unknown }).default : undefined;
  return isScenarioDefinition(inner) ? inner : undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
