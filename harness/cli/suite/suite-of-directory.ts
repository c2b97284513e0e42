import { findConfiguration, loadConfiguration } from '../../scenario/load-configuration.js';
import { type SuiteEntry, suiteEntries } from './suite.js';

/** What the configuration of a directory declares; nothing where there is none. @throws {PlateauError} when it is wrong */
export async function suiteOfDirectory(directory: string, config?: string): Promise<readonly SuiteEntry[]> {
  if (config === undefined && findConfiguration(directory) === undefined) return [];
  return suiteEntries(await loadConfiguration(directory, config));
}
