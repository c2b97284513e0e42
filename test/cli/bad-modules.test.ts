import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const definition = `import { defineScenario, operation } from 'plateau';
export default defineScenario({ name: 'bad', target: { script: './server.mjs' }, operations: {
  call: operation({ create: ({ target }) => target.http.get('/'), destroy() {} }) } });
`;
const server = `import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(process.env.PORT);
`;
const run = ['run', './bad.mjs', '--quiet', '--rounds', '2', '--cycles', '5', '--attribution', 'off'];

/** What the module does beside its scenario, and what is reported. Without care, some of these end with 0 or 1. */
const definitions: readonly (readonly [string, string, RegExp])[] = [
  ['ends its process while it loads', 'process.exit(0);', /got process\.exit\(0\) at .*bad\.mjs:4:9\./],
  ['ends its process as a leak does', 'process.exit(1);', /got process\.exit\(1\) at .*bad\.mjs:4:9\./],
  ['ends its process later', 'setTimeout(() => process.exit(0), 500);', /got process\.exit\(0\) at .*bad\.mjs:4:26\./],
  [
    'throws nothing that has a text',
    'throw Object.create(null);',
    /a module that loads, got\na value that has no text/,
  ],
  [
    'throws where nobody catches it',
    "setTimeout(() => { throw new Error('late'); }, 500);",
    /late at .*bad\.mjs:4:26\./,
  ],
  ['never ends loading', 'await new Promise(() => {});', /that loads, got\none that has not loaded after 30 s/],
  ['rejects with nothing', 'Promise.reject(undefined);', /nobody caught it: undefined\./],
];

test.concurrent.for(definitions)(
  'a scenario that %s: exit 3, one message, nothing left running',
  async ([, extra, message], { onTestFinished }) => {
    const directory = temporaryDirectory(onTestFinished);
    writeFileSync(join(directory, 'server.mjs'), server);
    writeFileSync(join(directory, 'bad.mjs'), `${definition}${extra}\n`);
    const { exitCode, stdout, stderr } = await plateau(run, { directory });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^PLATEAU_INVALID_SCENARIO$/m);
    expect(stderr).not.toMatch(/^ {4}at |Log: /m);
    expect(stdout).toBe('');
    expect(exitCode).toBe(3);
    expect(processesIn(directory)).toEqual([]);
  },
);

test('frames of plateau are no part of what a module threw', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'bad.mjs'), `${definition}throw new Error('no database');\n`);
  const { exitCode, stderr } = await plateau(run, { directory });
  expect(stderr.match(/^ {4}at .*$/gm)).toEqual([expect.stringContaining('bad.mjs:4:7')]);
  expect(exitCode).toBe(3);
});

const replacing: readonly (readonly [string, string])[] = [
  ['timers', 'globalThis.setTimeout = globalThis.setInterval = () => 5; globalThis.setImmediate = () => undefined;'],
  ['the clock', 'globalThis.Date = class { static now() { return Number.NaN; } };'],
  ['random numbers', 'Math.random = () => Number.NaN;'],
  ['the console', 'globalThis.console = null;'],
];

test.concurrent.for(replacing)(
  'a module of functions that sets %s of its own is measured as any other',
  async ([, text], { onTestFinished }) => {
    const directory = temporaryDirectory(onTestFinished);
    writeFileSync(join(directory, 'bad.mjs'), `${text}\nexport function iterate() {}\n`);
    const { exitCode, stdout } = await plateau([...run, '--json'], { directory });
    const record = JSON.parse(stdout) as RunRecord;
    // Judged as every run of two rounds is.
    expect(record.reason).toMatch(/too few/);
    expect(record.counts).toMatchObject({ rounds: 2, failed: 0 });
    expect(exitCode).toBe(2);
  },
);

function processesIn(directory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(directory);
    } catch {
      return false;
    }
  });
}
