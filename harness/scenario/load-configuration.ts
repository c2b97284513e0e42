import { basename, dirname, join, relative, resolve } from 'node:path';
import type { PlateauConfiguration } from '../model/configuration.js';
import { PlateauError } from '../model/errors.js';
import { importModule } from './import-module.js';
import { gotInsteadOfModule, isFile } from './module-file.js';
import { invalidConfiguration, validateConfiguration } from './validate-configuration.js';

/** Names that are looked for, in this order. */
export const configurationNames = ['ts', 'mts', 'js', 'mjs'].map((extension) => `plateau.config.${extension}`);

export interface LoadedConfiguration {
  readonly configuration: PlateauConfiguration;
  /** Absolute. */
  readonly file: string;
  /** Paths in the configuration are relative to it. */
  readonly directory: string;
}

/** The configuration of a directory; `undefined` where there is none. */
export function findConfiguration(directory: string): string | undefined {
  return configurationNames.map((name) => join(directory, name)).find(isFile);
}

/**
 * Loads a configuration.
 * @param path as the user gave it; absent: the one of the directory
 * @throws {PlateauError} `PLATEAU_INVALID_CONFIGURATION` when there is none, it does not load, or a field is wrong
 */
export async function loadConfiguration(directory: string, path?: string): Promise<LoadedConfiguration> {
  const file = path === undefined ? findConfiguration(directory) : resolve(directory, path);
  if (file === undefined)
    throw new PlateauError(
      'PLATEAU_INVALID_CONFIGURATION',
      `Configuration: expected ${configurationNames[0]} in ${directory}, got none.`,
      { hint: 'plateau init writes one' },
    );
  const shown = path ?? (relative(directory, file) || basename(file));
  if (!isFile(file))
    throw invalidConfiguration(shown, `expected a module, got ${gotInsteadOfModule(file)}`, 'plateau init writes one');
  if (!/\.[cm]?[jt]s$/.test(file))
    throw invalidConfiguration(shown, `expected a .ts, .mts, .js or .mjs module, got ${basename(file)}`);
  const exported = await importModule(file, 'PLATEAU_INVALID_CONFIGURATION', shown);
  return { configuration: validateConfiguration(defaultExport(exported), shown), file, directory: dirname(file) };
}

/** A TypeScript module in a CommonJS package comes as `{default: {default: ...}}`. */
function defaultExport(module: Record<string, unknown>): unknown {
  const exported = module.default;
  const inner =
    typeof exported === 'object' && exported !== null ? (exported as { default?: unknown }).default : undefined;
  return inner ?? exported;
}
