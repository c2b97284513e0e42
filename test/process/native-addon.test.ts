import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { lineOfText, nativeFixture } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const require = createRequire(import.meta.url);
const headers = join(dirname(require.resolve('node-api-headers')), 'include');

const module = `
import { createRequire } from 'node:module';
const { remember } = createRequire(import.meta.url)('keeper/keeper.node');
export const create = (cycle) => remember();
export const destroy = () => {};
`;

it('native memory that a package of a Node target keeps is named by the line in the package', async () => {
  const directory = temporaryDirectory();
  const library = join(directory, 'node_modules/keeper/keeper.node');
  mkdirSync(join(library, '..'), { recursive: true });
  const source = nativeFixture('addon.c');
  execFileSync('cc', ['-O2', '-g', '-shared', '-fPIC', '-I', headers, '-o', library, source]);
  writeFileSync(join(directory, 'driver.mjs'), module);
  const record = await runScenario(join(directory, 'driver.mjs'), {
    durationMs: 60_000,
    seed: 41,
    budgets: { rss: 200 },
    outDirectory: join(directory, 'out'),
  });
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
  expect(record.suspects[0]).toMatchObject({
    metric: 'rss',
    location: { file: source, line: lineOfText(source, 'leak: addon'), function: 'remember_item', package: 'keeper' },
  });
  expect(record.suspects[0]!.share).toBeGreaterThan(0.9);
});
