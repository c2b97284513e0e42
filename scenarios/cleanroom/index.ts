import type { ScenarioDefinition } from '../../harness/index.js';
import calmGuards from './calm-guards.scenario.js';
import containers from './containers.scenario.js';
import dockerContainers from './docker-containers.scenario.js';
import emergency from './emergency.scenario.js';
import environments from './environments.scenario.js';
import exitPaths from './exit-paths.scenario.js';
import guardRunners from './guard-runners.scenario.js';
import guards from './guards.scenario.js';
import interruptedRunners from './interrupted-runners.scenario.js';
import locks from './locks.scenario.js';
import monitors from './monitors.scenario.js';
import obedientContainers from './obedient-containers.scenario.js';
import runners from './runners.scenario.js';
import rustEnvironments from './rust-environments.scenario.js';
import rustGuards from './rust-guards.scenario.js';
import sessions from './sessions.scenario.js';
import subsystems from './subsystems.scenario.js';
import tempFiles from './temp-files.scenario.js';

/** A cleanroom for tests: guards, sessions, containers, monitors, files, clean-up after the worst. */
export const scenarios: readonly ScenarioDefinition[] = [
  guards,
  calmGuards,
  sessions,
  runners,
  guardRunners,
  interruptedRunners,
  containers,
  obedientContainers,
  dockerContainers,
  monitors,
  environments,
  subsystems,
  tempFiles,
  exitPaths,
  emergency,
  locks,
  rustGuards,
  rustEnvironments,
];
