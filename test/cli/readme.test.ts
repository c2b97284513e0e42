import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { execute, mainFile } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Code blocks of a language, in order. */
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text!);

/** A project with the files of the README, a commit, and plateau where npx finds it. */
const project = temporaryDirectory(afterAll);

beforeAll(() => {
  for (const text of blocks('js')) writeFileSync(join(project, /^\/\/ (\S+)/.exec(text)![1]!), text);
  const bin = join(project, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'plateau'), `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`, { mode: 0o755 });
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  writeFileSync(join(project, '.gitignore'), 'node_modules\n.plateau\n');
  const git = (...given: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...given], { cwd: project });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});

/** Commands of a block that begin with `npx plateau`; installing is what every test of the built package has done. */
const commands = blocks('sh').flatMap((text) => text.split('\n').filter((line) => line.startsWith('npx plateau')));
const shell = (command: string) => execute('sh', ['-c', command], { directory: project });
const command = (start: string) => commands.find((line) => line.startsWith(start))!;

test('every command of the README is known here', () => {
  expect(commands.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'npx plateau http',
    'npx plateau run',
    'npx plateau run',
    'npx plateau compare',
    'npx plateau ab',
    'npx plateau init',
    'npx plateau nightly',
    'npx plateau pr',
  ]);
});

test('the first verdict on the service of the README is a leak with its line and its holder', async () => {
  const { stdout, exitCode } = await shell(command('npx plateau http'));
  expect(stdout).toMatch(/LEAK/);
  expect(stdout).toMatch(/server\.js:9/);
  expect(stdout).toMatch(/held by `recent` \(Map in server\.js\) at server\.js:4/);
  expect(exitCode).toBe(1);
  const runs = join(project, '.plateau', 'runs');
  const [id = ''] = readdirSync(runs);
  const record = runRecordSchema.parse(JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8')));
  expect(record).toMatchObject({ verdict: 'leak', scenario: 'server.js-search', exitCode: 1 });
  expect(record.rerun).toBe(`${record.command} --seed ${record.seed}`);
  expect(record.findings.find(({ metric }) => metric === 'heapUsed')?.operation).toBe('GET /search');
});

test('without the line that leaks, the same command passes', async () => {
  const [server] = blocks('js');
  writeFileSync(
    join(project, 'server.js'),
    server!
      .split('\n')
      .filter((line) => !line.includes('recent.set'))
      .join('\n'),
  );
  const { stdout, exitCode } = await shell(command('npx plateau http'));
  expect(stdout).toMatch(/PLATEAU/);
  expect(exitCode).toBe(0);
});

test('the module runs twice, and its runs are compared', async () => {
  expect((await shell(commands[1]!)).exitCode).toBe(0);
  expect([0, 2]).toContain((await shell(commands[2]!)).exitCode);
  const { stdout, exitCode } = await shell(command('npx plateau compare'));
  expect(stdout).toMatch(/driver/);
  expect([0, 2]).toContain(exitCode);
});

test('two commits are compared in one session', async () => {
  const { exitCode, stderr } = await shell(`${command('npx plateau ab')} --rounds 40 --quiet`);
  expect(stderr).toBe('');
  expect([0, 2]).toContain(exitCode);
});

test('a first configuration is written, and its night is planned', async () => {
  expect((await shell(command('npx plateau init'))).exitCode).toBe(0);
  const { stdout, exitCode } = await shell(`${command('npx plateau nightly')} --dry-run`);
  expect(stdout).toMatch(/canar/i);
  expect(exitCode).toBe(0);
});

test('what a change touches is looked for against the base', async () => {
  const { stdout, exitCode } = await shell(`${command('npx plateau pr')} --time 1s`);
  expect(stdout).toMatch(/^<!-- plateau:pull-request -->/);
  expect([0, 2]).toContain(exitCode);
});
