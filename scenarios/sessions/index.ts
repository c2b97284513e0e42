import type { ScenarioDefinition } from '../../harness/index.js';
import go from './go.scenario.js';
import java from './java.scenario.js';

/** Sessions in services of runtimes that collect their garbage. */
export const scenarios: readonly ScenarioDefinition[] = [go, java];
