import type { ScenarioDefinition } from '../../harness/index.js';
import evictions from './evictions.scenario.js';
import freshSchemas from './fresh-schemas.scenario.js';
import handlers from './handlers.scenario.js';
import knownHandlers from './known-handlers.scenario.js';
import knownSchemas from './known-schemas.scenario.js';
import mixed from './mixed.scenario.js';
import rustHandlers from './rust-handlers.scenario.js';
import rustKnownSchemas from './rust-known-schemas.scenario.js';
import rustSchemas from './rust-schemas.scenario.js';

/** A kernel around ajv: tools with JSON Schemas, a schema cache, message handlers. */
export const scenarios: readonly ScenarioDefinition[] = [
  freshSchemas,
  knownSchemas,
  evictions,
  handlers,
  knownHandlers,
  mixed,
  rustSchemas,
  rustKnownSchemas,
  rustHandlers,
];
