import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../../harness/scenario/load-scenario.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test.each([
  ['iterate', 'export function iterate() {}\nthrow new Error("must not be loaded here");'],
  ['create and destroy', 'const create = () => 1;\nconst destroy = () => {};\nexport { create, destroy };'],
  ['functions beside a default export', 'export const iterate = () => {};\nexport default {};'],
  ['nothing that can be parsed', 'export function iterate( {'],
])('a module that exports %s is a function module, and is not loaded', async (_, text) => {
  const file = join(temporaryDirectory(), 'given.mjs');
  writeFileSync(file, text);
  expect(await loadScenario(file)).toMatchObject({ kind: 'functions', name: 'given' });
});
