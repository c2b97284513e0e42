import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { cliEnvironment } from '../support/cli.js';
import { processesWith } from '../support/processes-with.js';
import { createRunnerProject } from '../support/runner-project.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Too few cycles to be decided within the time of a test. */
const slow = 'export const iterate = () => new Promise((done) => setTimeout(done, 500));\n';
const vitestTests = (subject: string) => `import { expect, test } from 'vitest';
import 'plateau/vitest';
import { iterate } from './slow.mjs';
for (const name of ['first', 'second'])
  test(name, () => expect(${subject}).toPlateau({ duration: '4m' }), 300_000);
`;
const nodeTests = `import { test } from 'node:test';
import { assertPlateau } from 'plateau/node-test';
import { iterate } from './slow.mjs';
for (const name of ['first', 'second']) test(name, () => assertPlateau(iterate, { name, duration: '4m' }));
`;

const moduleTest = `import { assertPlateau } from 'plateau/node-test';
for (const name of ['first', 'second']) await assertPlateau('./slow.mjs', { name, duration: '4m' });
`;

const project = temporaryDirectory(afterAll);
createRunnerProject(project);
writeFileSync(join(project, 'slow.mjs'), slow);
writeFileSync(join(project, 'function.test.ts'), vitestTests('iterate'));
writeFileSync(join(project, 'module.test.ts'), vitestTests("'./slow.mjs'"));
writeFileSync(join(project, 'slow.node.mjs'), nodeTests);
writeFileSync(join(project, 'module.node.mjs'), moduleTest);

test.each([
  ['vitest, of a function', ['node_modules/vitest/vitest.mjs', 'run', 'function.test.ts']],
  ['vitest, of a module', ['node_modules/vitest/vitest.mjs', 'run', 'module.test.ts']],
  ['node --test', ['--test', 'slow.node.mjs']],
  ['the process of the test itself, of a module', ['module.node.mjs']],
])('nothing goes on when the test runner is killed: %s', async (name, given) => {
  const mark = `KILLED_RUNNER=${join(project, name)}`;
  const runs = join(project, '.plateau', 'tests', 'runs');
  const before = existsSync(runs) ? readdirSync(runs).length : 0;
  const runner = spawn(process.execPath, given, {
    cwd: project,
    env: { ...cliEnvironment({}), KILLED_RUNNER: join(project, name), NODE_TEST_CONTEXT: undefined },
    stdio: 'ignore',
  });
  onTestFinished(() => {
    for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL');
  });
  const exited = once(runner, 'exit');
  await vi.waitFor(() => expect(readdirSync(runs)).toHaveLength(before + 1), { timeout: 120_000, interval: 100 });
  runner.kill('SIGKILL');
  await exited;
  await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), { timeout: 60_000, interval: 100 });
  // What was sampled is kept, and no second test was begun.
  expect(readdirSync(runs)).toHaveLength(before + 1);
});
