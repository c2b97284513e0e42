import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execute } from '../support/cli.js';
import { createRunnerProject } from '../support/runner-project.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The project of a user: the files of the page about matchers, and tests of a cache that leaks 64 B a call. */
const project = temporaryDirectory(afterAll);
const page = readFileSync(new URL('../../harness/matchers/README.md', import.meta.url), 'utf8');

beforeAll(() => {
  createRunnerProject(project);
  for (const [, name, text] of page.matchAll(/^```[tj]s\n\/\/ (\S+)\n([\s\S]*?)^```$/gm))
    writeFileSync(join(project, name!), text!);
});

const run = (...words: string[]) =>
  execute('sh', ['-c', `${words.join(' ')} 2>&1`], { directory: project, environment: { NO_COLOR: '1' } });

/** What a failure must show on one screen. */
function expectLeak(output: string): void {
  expect(output).toMatch(/✗ .* {2}LEAK/);
  expect(output).toMatch(/heapUsed grows by 6\d(\.\d+)? B per cycle/);
  expect(output).toMatch(/cache\.[mc]js:8:\d+ in (get|Object\.get)/);
  expect(output).toMatch(/held by `kept` \(Array in cache\.[mc]js\)/);
}

test('vitest: what levels off passes with its detection floor, what leaks fails with line and holder', async () => {
  const { stdout } = await run('npx vitest run --project soak');
  expect(stdout).toMatch(/plateau: a cache that forgets levels off: plateau, .* would have found growth of heapUsed/);
  expect(stdout).toMatch(/plateau: driver: plateau/);
  expect(stdout).toMatch(/2 failed \| 2 passed/);
  expect(stdout).toMatch(/expected a test with at least 70000 ms, got one with 5000 ms/);
  expectLeak(stdout);
});

test('Jest: the same within its sandbox', async () => {
  const { stdout } = await run('npx jest --config jest.soak.config.cjs');
  expect(stdout).toMatch(/1 failed, 1 passed/);
  expectLeak(stdout);
});

test('node:test: the same as an assertion', async () => {
  const { stdout } = await run('node --test cache.soak.test.mjs leak.soak.test.mjs');
  expect(stdout).toMatch(/# pass 1\n# fail 1/);
  expect(stdout).toMatch(/plateau: cache: plateau/);
  expect(stdout).toMatch(/rerun {2}node --test leak\.soak\.test\.mjs$/m);
  expectLeak(stdout);
});
