/**
 * What `require('plateau')` gives a scenario module, which is what TypeScript without a package.json becomes: the part
 * of the public API that declares scenarios. Small, since the TypeScript loader takes a copy of its own.
 */
export { PlateauError } from '../model/errors.js';
export { defineConfig } from './define-config.js';
export { defineScenario, operation } from './define-scenario.js';
