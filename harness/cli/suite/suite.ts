import { isAbsolute, relative, resolve } from 'node:path';
import type { SuiteRunOptions, SuiteScenario } from '../../model/configuration.js';
import { PlateauError } from '../../model/errors.js';
import type { RunOptions } from '../../model/run-options.js';
import type { ScenarioDefinition } from '../../model/scenario.js';
import { checkBudgets, gaugeKindsOf } from '../../run/budgets.js';
import { checkDefects } from '../../run/check-defects.js';
import { isScenarioDefinition } from '../../scenario/define-scenario.js';
import type { LoadedConfiguration } from '../../scenario/load-configuration.js';
import { type LoadedScenario, loadDefinition, loadScenario } from '../../scenario/load-scenario.js';
import { durationMsOf, invalidConfiguration, sizeBytesOf } from '../../scenario/validate-configuration.js';
import { closestNames } from '../options/closest-names.js';
import { isPathLike } from '../options/path-like.js';
import { findNamedScenario } from './find-scenario.js';

/** One scenario in one variant, ready to be run. */
export interface SuiteEntry {
  /** `scenario`, `scenario@variant`, `scenario + defect`; unique. */
  readonly name: string;
  readonly variant?: string;
  readonly source: LoadedScenario;
  readonly options: RunOptions;
  /** In a night; absent: the night's. */
  readonly minimumMs?: number;
}

/**
 * Everything a configuration wants to have run, all of it looked up and checked.
 * @throws {PlateauError} for an unknown or invalid scenario, and for two entries of one name
 */
export async function suiteEntries(loaded: LoadedConfiguration): Promise<SuiteEntry[]> {
  const entries: SuiteEntry[] = [];
  for (const [index, wanted] of declaredScenarios(loaded).entries()) {
    for (const entry of variantsOf(wanted, await loadDeclared(wanted, loaded.directory))) {
      if (entries.some(({ name }) => name === entry.name))
        throw invalidConfiguration(
          relative(process.cwd(), loaded.file),
          `\`scenarios.${index}\` must have a name of its own, got \`${entry.name}\` a second time`,
          'give one of them a `name`, or make them variants of one scenario',
        );
      entries.push(entry);
    }
  }
  return entries;
}

export function declaredScenarios({ configuration }: LoadedConfiguration): SuiteScenario[] {
  return configuration.scenarios.map((declared) =>
    typeof declared === 'string' || isScenarioDefinition(declared)
      ? { scenario: declared }
      : (declared as SuiteScenario),
  );
}

/** @throws {PlateauError} for an unknown or invalid scenario */
export async function loadDeclared({ scenario, name }: SuiteScenario, directory: string): Promise<LoadedScenario> {
  return named(await loadSource(scenario, directory), name);
}

async function loadSource(scenario: string | ScenarioDefinition, directory: string): Promise<LoadedScenario> {
  if (typeof scenario !== 'string') return loadDefinition(scenario, directory);
  if (!isPathLike(scenario)) return findNamedScenario(scenario, directory);
  const path = relative(process.cwd(), resolve(directory, scenario));
  return loadScenario(isAbsolute(path) || path.startsWith('.') ? path : `./${path}`);
}

function named(source: LoadedScenario, name: string | undefined): LoadedScenario {
  return name === undefined ? source : { ...source, name };
}

function variantsOf(wanted: SuiteScenario, source: LoadedScenario): SuiteEntry[] {
  const variants = Object.entries(wanted.variants ?? {});
  if (variants.length === 0) return [entryOf(source, wanted)];
  return variants.map(([variant, changes]) => entryOf(source, merged(wanted, changes), variant));
}

/** A variant changes what it names; budgets metric by metric. */
function merged(base: SuiteRunOptions, changes: SuiteRunOptions): SuiteRunOptions {
  return { ...base, ...changes, budgets: { ...base.budgets, ...changes.budgets } };
}

function entryOf(source: LoadedScenario, wanted: SuiteRunOptions, variant?: string): SuiteEntry {
  const { defects = [], budgets = {}, minimum, cycles, rounds, concurrency, ratePerSecond, seed } = wanted;
  const scenario = source.kind === 'definition' ? source.scenario : undefined;
  checkDefects(defects, scenario, source.name);
  const inBaseUnits = Object.fromEntries(
    Object.entries(budgets).map(([metric, value]) => [metric, sizeBytesOf(value)]),
  );
  checkBudgets(inBaseUnits, gaugeKindsOf(scenario));
  const { untilDecided, confidence, thorough, attribution } = wanted;
  const given = { cycles, rounds, concurrency, ratePerSecond, seed, untilDecided, confidence, thorough, attribution };
  const options: RunOptions = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(defects.length > 0 && { defects }),
    ...(Object.keys(budgets).length > 0 && { budgets: inBaseUnits }),
    ...(variant !== undefined && { variant }),
  };
  return {
    name: variant === undefined ? [source.name, ...defects].join(' + ') : `${source.name}@${variant}`,
    ...(variant !== undefined && { variant }),
    source,
    options,
    ...(minimum !== undefined && { minimumMs: durationMsOf(minimum) }),
  };
}

/**
 * The entries that names choose: an entry, or a scenario with all its variants.
 * @throws {PlateauError} `PLATEAU_UNKNOWN_SCENARIO` with the names that were probably meant
 */
export function chosenEntries(entries: readonly SuiteEntry[], names: readonly string[]): SuiteEntry[] {
  for (const name of names) {
    if (entries.some((entry) => isChosen(entry, name))) continue;
    const known = entries.map((entry) => entry.name);
    throw new PlateauError(
      'PLATEAU_UNKNOWN_SCENARIO',
      `--only: expected a scenario of the configuration, got "${name}".`,
      { hint: closestNames(name, known).join(' or ') || `one of ${known.join(', ')}` },
    );
  }
  return entries.filter((entry) => names.some((name) => isChosen(entry, name)));
}

export function isChosen({ name, source }: SuiteEntry, wanted: string): boolean {
  return name === wanted || source.name === wanted;
}
