import type { ScenarioDefinition } from '../harness/index.js';

/** A built-in system: its scenarios, the most instructive first. */
interface System {
  readonly scenarios: readonly ScenarioDefinition[];
}

/** Every built-in system by name; loaded when it is asked for, since most runs need none or one. */
const systems: Readonly<Record<string, () => Promise<System>>> = {
  'branch-store': () => import('./branch-store/index.js'),
  cleanroom: () => import('./cleanroom/index.js'),
  mesh: () => import('./mesh/index.js'),
  'schema-kernel': () => import('./schema-kernel/index.js'),
  'series-api': () => import('./series-api/index.js'),
  sessions: () => import('./sessions/index.js'),
};

export const systemNames: readonly string[] = Object.keys(systems);

/** The scenarios of one system; `undefined` when there is none of that name. */
export async function scenariosOf(system: string): Promise<readonly ScenarioDefinition[] | undefined> {
  return Object.hasOwn(systems, system) ? (await systems[system]!()).scenarios : undefined;
}

/** Every built-in scenario, system by system. */
export async function builtInScenarios(): Promise<ScenarioDefinition[]> {
  const loaded = await Promise.all(Object.values(systems).map((load) => load()));
  return loaded.flatMap(({ scenarios }) => scenarios);
}

/** The scenario of a name such as `branch-store/branches`; `undefined` when there is none. */
export async function builtInScenario(name: string): Promise<ScenarioDefinition | undefined> {
  const [system = ''] = name.split('/');
  return (await scenariosOf(system))?.find((scenario) => scenario.name === name);
}
