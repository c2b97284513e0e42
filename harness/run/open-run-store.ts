import { resolve } from 'node:path';
import type { Manifest } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import { defaultOutDirectory } from '../store/run-layout.js';
import { createRunStore, type RunStore } from '../store/run-store.js';
import type { SessionSource } from './measuring/session-source.js';
import { runRedactor } from './run-redactor.js';

/**
 * Makes the directory of a run and writes its manifest, before anything else happens in it. What the scenario keeps secret
 * is in nothing that is kept.
 * @throws {PlateauError} `PLATEAU_STORE`
 */
export function openRunStore(
  source: SessionSource,
  manifest: Manifest,
  { outDirectory = defaultOutDirectory }: RunOptions,
): RunStore {
  return createRunStore(resolve(outDirectory), manifest, runRedactor(source));
}
