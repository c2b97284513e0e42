export { PlateauError } from './model/errors.js';
export type * from './model/run-log.js';
export type * from './model/run-options.js';
export type * from './model/run-record.js';
export { runRecordSchema } from './model/run-record.js';
export type * from './model/sample.js';
export type * from './model/scenario.js';
export { exitCodeOf, type RunVerdict } from './model/verdict.js';
export { defineScenario, operation } from './scenario/define-scenario.js';
