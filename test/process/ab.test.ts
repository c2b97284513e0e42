import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparisonSchema } from '../../harness/model/comparison.js';
import type { StoredRun } from '../../harness/model/run-log.js';
import { loadRun } from '../../harness/store/load-run.js';
import { type CliSettings, plateau } from '../support/cli.js';
import { createRepository, storeModule, storeScenario } from '../support/repositories.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Enough to have floors, too little to decide. */
const short = ['--rounds', '3', '--cycles', '20', '--attribution', 'off', '--quiet'];

function twoCommits() {
  const repository = createRepository();
  repository.commit('the store', { 'store.mjs': storeModule(0), 'soak/store.mjs': storeScenario.replace('./', '../') });
  repository.commit('keep sessions', { 'store.mjs': storeModule(1) });
  return repository;
}

/** A temporary directory of its own shows what is left in it. */
function settingsFor(directory: string, environment: Readonly<Record<string, string>> = {}) {
  const temporary = temporaryDirectory();
  const settings: CliSettings = { directory, environment: { ...environment, TMPDIR: temporary } };
  return { settings, left: () => readdirSync(temporary).filter((name) => name.startsWith('plateau-')) };
}

function floorsOf({ samples }: StoredRun): number[][] {
  return [...samples.cycles].flatMap((cycles, row) =>
    samples.kinds[row] === 'floor' && samples.phases[row] === 'measure' ? [[samples.rounds[row]!, cycles]] : [],
  );
}

test('two commits in turns: the leak is new, named, and both runs are ordinary ones', async () => {
  const repository = twoCommits();
  const before = repository.state();
  const { settings, left } = settingsFor(repository.directory);
  const given = ['ab', 'soak/store.mjs', '--before', 'main~1', '--after', 'ref:main', '--seed', '7', '--quiet'];
  const { exitCode, stdout, stderr } = await plateau([...given, '--json'], settings);
  expect(stderr).toBe('');
  expect(exitCode).toBe(1);
  const comparison = comparisonSchema.parse(JSON.parse(stdout));
  expect(comparison).toMatchObject({ verdict: 'new leak', interleaved: true });
  const sessions = comparison.metrics.find(({ metric }) => metric === 'gauge.sessions');
  expect(sessions).toMatchObject({ word: 'new leak', before: { verdict: 'plateau' }, after: { verdict: 'leak' } });
  expect(sessions?.difference?.estimate).toBeCloseTo(1, 2);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);

  const outDirectory = join(repository.directory, '.plateau');
  const [one, other] = await Promise.all(
    [comparison.before, comparison.after].map(({ id }) => loadRun(id, { outDirectory })),
  );
  expect(one!.manifest.pair).toMatchObject({ id: other!.manifest.id, side: 'before' });
  expect(other!.manifest.pair).toMatchObject({ id: one!.manifest.id, side: 'after' });
  expect(one!.manifest.environment.gitCommit).toBe(repository.git('rev-parse', 'main~1'));
  expect(floorsOf(one!)).toEqual(floorsOf(other!));
  const [suspect] = other!.attribution?.suspects ?? [];
  expect(suspect?.location?.file).toBe(join(repository.directory, 'store.mjs'));

  const stored = await plateau(['compare', comparison.before.id, comparison.after.id, '--json'], settings);
  expect(JSON.parse(stored.stdout)).toEqual(JSON.parse(stdout));
});

test('the same on both sides is unchanged', async () => {
  const repository = twoCommits();
  const { settings, left } = settingsFor(repository.directory);
  const sides = ['--before', 'main~1', '--after', 'ref:main~1'];
  const { exitCode, stdout } = await plateau(['ab', 'soak/store.mjs', ...sides, '--json', '--quiet'], settings);
  const { verdict, reason } = comparisonSchema.parse(JSON.parse(stdout));
  expect(verdict, reason).toBe('unchanged');
  expect(exitCode).toBe(0);
  expect(left()).toEqual([]);
});

test('a build runs in each checkout, with the packages of the work tree, and never in the work tree', async () => {
  const repository = createRepository();
  const build = `import { writeFileSync } from 'node:fs'; import { word } from 'greeting'; import { own } from 'own';
    writeFileSync('built.mjs', 'export const built = ' + JSON.stringify(word + own));`;
  const soak = `import { built } from './built.mjs'; if (built !== process.env.EXPECTED) throw new Error(built); export const iterate = () => {};`;
  repository.commit('a workspace', {
    '.gitignore': 'node_modules\nbuilt.mjs\n.plateau\n',
    'package.json': '{"workspaces":["packages/*"]}',
    'packages/own/package.json': '{"name":"own","type":"module","exports":"./index.js"}',
    'packages/own/index.js': `export const own = ' of the commit';`,
    'build.mjs': build,
    'soak.mjs': soak,
  });
  const installed = join(repository.directory, 'node_modules', 'greeting');
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, 'package.json'), '{"name":"greeting","type":"module","exports":"./index.js"}');
  writeFileSync(join(installed, 'index.js'), `export const word = 'package';`);
  symlinkSync('../packages/own', join(repository.directory, 'node_modules', 'own'));
  writeFileSync(join(repository.directory, 'packages/own/index.js'), `export const own = ' of the work tree';`);
  const { settings, left } = settingsFor(repository.directory, { EXPECTED: 'package of the commit' });
  const sides = ['--before', 'main', '--after', 'main', '--build', 'node build.mjs'];
  const { exitCode, stderr } = await plateau(['ab', 'soak.mjs', ...sides, ...short], settings);
  expect(stderr).toBe('');
  expect(exitCode).toBe(2);
  expect(existsSync(join(repository.directory, 'built.mjs'))).toBe(false);
  expect(left()).toEqual([]);
});

test('a build that fails: exit 4, its last words, and nothing is left', async () => {
  const repository = twoCommits();
  const before = repository.state();
  const { settings, left } = settingsFor(repository.directory);
  const build = ['--build', 'echo no such compiler; exit 3'];
  const { exitCode, stderr } = await plateau(
    ['ab', 'soak/store.mjs', '--before', 'main~1', '--after', 'main', ...build, ...short],
    settings,
  );
  expect(stderr).toMatch(/expected exit code 0, got exit code 3\n {4}no such compiler\nTry: .*\.log\nPLATEAU_BUILD/);
  expect(exitCode).toBe(4);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);
});

test('directories and commands: the module in another place, and another target for the same load', async () => {
  const directory = temporaryDirectory();
  for (const name of ['old', 'new']) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'soak.mjs'), 'export const iterate = () => {};');
  }
  const { settings } = settingsFor(join(directory, 'new'));
  const sides = ['--before', '../old', '--after', 'dir:.'];
  const { exitCode, stdout } = await plateau(['ab', './soak.mjs', ...sides, ...short], settings);
  expect(stdout).toContain('../old → .');
  expect(exitCode).toBe(2);

  const server = `import http from 'node:http';
    http.createServer((_, answer) => answer.end(process.argv[2])).listen(process.env.PORT);`;
  writeFileSync(join(directory, 'new', 'server.mjs'), server);
  const scenario = `import { defineScenario } from 'plateau';
    export default defineScenario({ name: 'greeting', target: { script: './server.mjs' }, operations: { greeting: {
      create: async ({ target }) => { const text = (await target.http.get('/')).text(); if (text === '') throw new Error('unnamed'); },
      destroy() {} } } });`;
  writeFileSync(join(directory, 'new', 'greeting.mjs'), scenario);
  const commands = ['--before', 'cmd:node server.mjs old', '--after', 'node --no-warnings server.mjs "the new one"'];
  const served = await plateau(['ab', './greeting.mjs', ...commands, ...short, '--json'], settings);
  expect(served.exitCode).toBe(2);
  const { before, after } = comparisonSchema.parse(JSON.parse(served.stdout));
  expect([before, after].map(({ failed, cycles }) => [failed, cycles > 0])).toEqual([
    [0, true],
    [0, true],
  ]);
});

test('what is no variant is reported with every form, and what cannot be one with the reason', async () => {
  const { settings } = settingsFor(temporaryDirectory());
  writeFileSync(join(settings.directory!, 'soak.mjs'), 'export const iterate = () => {};');
  const errorOf = async (...given: string[]) => (await plateau(['ab', ...given, ...short], settings)).stderr;
  expect(await errorOf('./soak.mjs', '--before', 'v9', '--after', '')).toMatch(
    /--before: expected sound, defect:<name,...>, ref:<commit>, dir:<path> or cmd:<command>, got "v9"/,
  );
  expect(await errorOf('./soak.mjs', '--before', 'ref:v9', '--after', '')).toMatch(/expected a git repository/);
  expect(await errorOf('./soak.mjs', '--before', 'cmd:node x', '--after', '')).toMatch(/a module of functions/);
  expect(await errorOf('branch-store/branches', '--before', 'defect:commit-lock', '--after', '')).toMatch(
    /no defect commit-lock.*commit-locks/s,
  );
  expect(await errorOf('branch-store/branches', '--before', '.', '--after', '')).toMatch(/comes with plateau/);
});

/** In the first checkout alone: a second signal would end plateau at once. */
const signalling = `
export function iterate(cycle) {
  if (cycle === 30 && process.env.SEND_SIGNAL && import.meta.url.includes('/1-')) process.kill(process.ppid, process.env.SEND_SIGNAL);
}`;

test('Ctrl-C: exit 130, and neither worktrees nor entries of them are left', async () => {
  const repository = createRepository();
  repository.commit('signals', { 'soak.mjs': signalling, '.gitignore': '.plateau\n' });
  const before = repository.state();
  const { settings, left } = settingsFor(repository.directory, { SEND_SIGNAL: 'SIGINT' });
  const { exitCode } = await plateau(['ab', 'soak.mjs', '--before', 'main', '--after', 'main', '--quiet'], settings);
  expect(exitCode).toBe(130);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);
});

test('what a killed plateau left is removed by the next start, of whatever command', async () => {
  const repository = createRepository();
  repository.commit('signals', { 'soak.mjs': signalling, '.gitignore': '.plateau\n' });
  const before = repository.state();
  const { settings, left } = settingsFor(repository.directory, { SEND_SIGNAL: 'SIGKILL' });
  const killed = await plateau(['ab', 'soak.mjs', '--before', 'main', '--after', 'main', '--quiet'], settings);
  expect(killed.signal).toBe('SIGKILL');
  expect(left()).not.toEqual([]);
  expect(repository.state()).not.toBe(before);
  const environment = { ...settings.environment, SEND_SIGNAL: '' };
  const next = await plateau(['run', 'soak.mjs', ...short], { directory: repository.directory, environment });
  expect(next.exitCode).toBe(2);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);
  expect(readFileSync(join(repository.directory, 'soak.mjs'), 'utf8')).toBe(signalling);
});
