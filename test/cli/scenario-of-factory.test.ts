import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

const api = new URL('../../dist/harness/index.js', import.meta.url).href;

/** What the package makes of a module, in a process of its own as users have it. */
async function loaded(file: string): Promise<unknown> {
  const code = `import(${JSON.stringify(api)}).then(async ({ loadScenario }) => {
    const { kind, name } = await loadScenario(${JSON.stringify(file)});
    console.log(JSON.stringify({ kind, name }));
  })`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', code]);
  return JSON.parse(stdout);
}

function modules(texts: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text);
  return directory;
}

test('a scenario that a shared factory makes is one, although its module does not say so', async () => {
  const directory = modules({
    'factory.mts': `import { defineScenario } from 'plateau';
export const soak = (name: string) =>
  defineScenario({ name, target: { pid: 1 }, operations: { cycle: { create: () => 1, destroy: () => undefined } } });`,
    'made.mts': `import { soak } from './factory.mts';\nexport default soak('made');`,
  });
  expect(await loaded(join(directory, 'made.mts'))).toEqual({ kind: 'definition', name: 'made' });
});

test('a module that exports something else by default is a function module', async () => {
  const directory = modules({ 'seven.mjs': 'export default 7;' });
  expect(await loaded(join(directory, 'seven.mjs'))).toEqual({ kind: 'functions', name: 'seven' });
});
