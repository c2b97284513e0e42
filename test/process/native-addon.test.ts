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
const source = nativeFixture('addon.c');

/** A module that calls a function of the addon, which is a package of it. */
function driverOf(name: 'remember' | 'replace'): string {
  const directory = temporaryDirectory();
  const library = join(directory, 'node_modules/keeper/keeper.node');
  mkdirSync(join(library, '..'), { recursive: true });
  execFileSync('cc', ['-O2', '-g', '-shared', '-fPIC', '-I', headers, '-o', library, source]);
  const driver = join(directory, 'driver.mjs');
  writeFileSync(
    driver,
    `import { createRequire } from 'node:module';
const keeper = createRequire(import.meta.url)('keeper/keeper.node');
export const iterate = () => keeper.${name}();
`,
  );
  return driver;
}

const soak = (name: 'remember' | 'replace') =>
  runScenario(driverOf(name), { durationMs: 60_000, seed: 41, outDirectory: join(temporaryDirectory(), 'out') });

it('a small block that an addon keeps at each call is a leak, and is named by its line in the package', async () => {
  const record = await soak('remember');
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const leaking = record.findings.filter(({ verdict }) => verdict === 'leak');
  // 66 B take 80 of the allocator.
  expect(leaking).toEqual([
    expect.objectContaining({
      metric: 'nativeUsed',
      slope: expect.objectContaining({ estimate: expect.closeTo(80, -1) }),
    }),
  ]);
  expect(record.suspects[0]).toMatchObject({
    metric: 'nativeUsed',
    location: { file: source, line: lineOfText(source, 'leak: addon'), function: 'remember_item', package: 'keeper' },
  });
  expect(record.suspects[0]!.share).toBeGreaterThan(0.8);
});

it('an addon that gives back blocks of many sizes levels off', async () => {
  const record = await soak('replace');
  expect(record).toMatchObject({ verdict: 'plateau', exitCode: 0 });
  expect(record.findings.find(({ metric }) => metric === 'nativeUsed')?.verdict).toBe('plateau');
});
