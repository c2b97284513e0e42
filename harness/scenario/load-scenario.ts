import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import type { Scenario } from '../model/scenario.js';
import { isScenarioDefinition } from './define-scenario.js';
import { exportedNames } from './exported-names.js';
import { importModule } from './import-module.js';
import { requireModule } from './module-file.js';
import { validateScenario } from './validate-scenario.js';
import { withFaults } from './with-faults.js';

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

/**
 * Finds the module at a path and loads it when it defines a scenario.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO`, `PLATEAU_INVALID_SCENARIO`
 */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const file = requireModule(path);
  // A function module must be loaded in a process of its own, so the text decides who loads it first.
  if (await mayDefineScenario(file)) {
    const loaded = await importDefinition(file);
    if (loaded !== undefined) return { ...loaded, reference: path, file };
  }
  return {
    kind: 'functions',
    reference: path,
    name: basename(file, extname(file)),
    file,
    directory: dirname(file),
  };
}

/** Names under which a function module exports what a cycle does. */
const cycleFunctions = ['iterate', 'create'];

/** Says the word, or exports something by default and nothing that makes it a function module: a factory's scenario, say. */
async function mayDefineScenario(file: string): Promise<boolean> {
  if (/\bdefineScenario\b/.test(await readFile(file, 'utf8'))) return true;
  const names = (await exportedNames(file)) ?? [];
  return names.includes('default') && !cycleFunctions.some((name) => names.includes(name));
}

/** The scenario that a module exports by default; `undefined` when it exports something else. */
export async function importDefinition(file: string): Promise<(LoadedScenario & { kind: 'definition' }) | undefined> {
  const { default: exported } = await importModule(file, 'PLATEAU_INVALID_SCENARIO', `scenario ${file}`);
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
  const valid = validateScenario(definition, origin ?? (typeof named === 'string' ? named : 'without a name'));
  const scenario = withFaults(valid, valid.faults);
  return { kind: 'definition', reference: scenario.name, name: scenario.name, scenario, directory };
}

/** A TypeScript module in a CommonJS package comes as `{default: {default: ...}}`. */
function interopDefault(exported: unknown): Scenario | undefined {
  const inner =
    typeof exported === 'object' && exported !== null ? (exported as { default?: unknown }).default : undefined;
  return isScenarioDefinition(inner) ? inner : undefined;
}
