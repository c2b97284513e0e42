import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bisectionResultSchema, bisectionStateSchema } from '../../harness/model/bisection.js';
import { type CliSettings, plateau } from '../support/cli.js';
import { createRepository, storeModule, storeScenario, type TestRepository } from '../support/repositories.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

function settingsFor({ directory }: TestRepository) {
  const temporary = temporaryDirectory();
  return {
    settings: { directory, environment: { TMPDIR: temporary } } satisfies CliSettings,
    left: () => readdirSync(temporary).filter((name) => name.startsWith('plateau-')),
  };
}

function stateOf({ directory }: TestRepository) {
  const states = join(directory, '.plateau', 'bisect');
  const [file] = readdirSync(states).filter((name) => name.endsWith('.json'));
  return bisectionStateSchema.parse(JSON.parse(readFileSync(join(states, file!), 'utf8')));
}

/** Sends plateau a signal when the store of a commit is loaded, where the environment asks for it. */
const signalling = (signal: string) =>
  `if (process.env.SEND === '${signal}') process.kill(process.ppid, '${signal}');\n`;
const build = ['--', 'node', 'build.mjs'];

test('eight commits, killed and interrupted on the way: goes on, skips what does not build, finds the commit', async () => {
  const repository = createRepository();
  const commits: string[] = [];
  for (let number = 1; number <= 8; number += 1) {
    // Judged in this order: 8, 1, (4: broken) 5, 3, 6 is not.
    const signal = number === 5 ? signalling('SIGKILL') : number === 3 ? signalling('SIGINT') : '';
    const files = {
      'soak.mjs': storeScenario,
      'store.mjs': `${signal}${storeModule(number >= 3 ? 1 : 0)}// ${number}\n`,
      'build.mjs': number === 4 ? 'console.error("broken"); process.exit(1);' : '',
      '.gitignore': '.plateau\n',
    };
    commits.push(repository.commit(`change ${number}`, files));
  }
  const before = repository.state();
  const { settings, left } = settingsFor(repository);
  const given = ['bisect', 'soak.mjs', '--good', commits[0]!, '--bad', 'main', '--json', '--seed', '5'];
  const sending = (signal: string) => ({ ...settings, environment: { ...settings.environment, SEND: signal } });

  const killed = await plateau([...given, ...build], sending('SIGKILL'));
  expect(killed.signal).toBe('SIGKILL');
  expect(left()).not.toEqual([]);
  const first = stateOf(repository).judged;
  expect(first.map(({ sha, verdict }) => [commits.indexOf(sha) + 1, verdict])).toEqual([
    [8, 'bad'],
    [1, 'good'],
    [4, 'skipped'],
  ]);

  const interrupted = await plateau([...given, ...build], sending('SIGINT'));
  expect(interrupted.exitCode).toBe(130);
  expect(interrupted.stderr).toMatch(/from before[\s\S]*the same command goes on/);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);
  const second = stateOf(repository).judged;
  expect(second.slice(0, first.length)).toEqual(first);
  expect(second.length).toBeGreaterThan(first.length);

  const { exitCode, stdout } = await plateau([...given, ...build], settings);
  const result = bisectionResultSchema.parse(JSON.parse(stdout));
  expect(result).toMatchObject({ outcome: 'found', metric: 'gauge.sessions', unit: 'entries/cycle', seed: 5 });
  expect(result.commit).toMatchObject({ sha: commits[2], author: 'Ada', subject: 'change 3' });
  expect(result.slopes?.before?.high).toBeLessThan(0.1);
  expect(result.slopes?.after?.estimate).toBeCloseTo(1, 2);
  expect(result.judged.slice(0, second.length)).toEqual(second);
  expect(result.driven).toBeLessThanOrEqual(5);
  expect(result.judged.find(({ sha }) => sha === commits[3])?.reason).toMatch(/expected exit code 0, got exit code 1/);
  expect(exitCode).toBe(0);
  expect(repository.state()).toBe(before);
  expect(left()).toEqual([]);
  expect(result.rerun).toMatch(/^plateau bisect soak\.mjs .*--restart -- node build\.mjs$/);
  expect(result.proof).toContain(`--before ref:${commits[1]!.slice(0, 12)} --after ref:${commits[2]!.slice(0, 12)}`);
});

test('a merged branch that brought it; the scenario is younger than the commits; a target that does not start', async () => {
  const repository = createRepository();
  const files = (kept: number, mark: string) => ({ 'store.mjs': `${storeModule(kept)}// ${mark}\n` });
  const good = repository.commit('start', { ...files(0, 'start'), '.gitignore': '.plateau\n' });
  repository.git('checkout', '--quiet', '-b', 'feature');
  repository.commit('a step', { 'feature.txt': '1' });
  const broken = repository.commit('half done', { 'store.mjs': 'throw new Error("half done");' });
  const leak = repository.commit('keep sessions', files(1, 'feature'));
  repository.git('checkout', '--quiet', 'main');
  repository.commit('beside it', { 'other.txt': '1' });
  repository.git('merge', '--quiet', '--no-ff', '--message', 'merge the feature', 'feature');
  repository.commit('the scenario', { 'soak.mjs': storeScenario });
  const { settings, left } = settingsFor(repository);
  const { exitCode, stdout, stderr } = await plateau(['bisect', 'soak.mjs', '--good', good, '--bad', 'main'], settings);
  expect(stderr).toMatch(/soak\.mjs is not in that commit: the one of your work tree is used/);
  // What does not start cannot be distinguished from what came after it.
  expect(stdout).toContain('one of 2 commits brought the growth of gauge.sessions');
  expect(stdout).toMatch(
    new RegExp(`${leak.slice(0, 9)} .*keep sessions\\n +${broken.slice(0, 9)} .*half done \\(skipped\\)`),
  );
  expect(exitCode).toBe(2);
  expect(left()).toEqual([]);
});

test('ends that are not what they are named for', async () => {
  const repository = createRepository();
  const old = repository.commit('old', {
    'soak.mjs': storeScenario,
    'store.mjs': storeModule(1),
    '.gitignore': '.plateau\n',
  });
  repository.commit('new', { 'other.txt': '' });
  const { settings, left } = settingsFor(repository);
  const bisect = (...given: string[]) => plateau(['bisect', 'soak.mjs', '--quiet', ...given], settings);

  const leaking = await bisect('--good', old, '--bad', 'main');
  expect(leaking.stdout).toMatch(/CANNOT TELL[\s\S]*the good commit is not shown to grow less/);
  expect(leaking.exitCode).toBe(2);
  const swapped = await bisect('--good', 'main', '--bad', old);
  expect(swapped.stderr).toMatch(/--good: expected a commit before --bad[\s\S]*exchange them/);
  expect(swapped.exitCode).toBe(3);
  const unknown = await bisect('--good', 'v0', '--bad', 'main');
  expect(unknown.stderr).toMatch(
    /--good: expected a commit, branch or tag of .*, got "v0"[\s\S]*PLATEAU_INVALID_REVISION/,
  );
  expect(unknown.exitCode).toBe(3);
  const unbuilt = await bisect('--good', old, '--bad', 'main', '--restart', '--', 'false');
  expect(unbuilt.stderr).toMatch(/--bad \w{9}: build "false": expected exit code 0, got exit code 1/);
  expect(unbuilt.exitCode).toBe(4);
  expect(left()).toEqual([]);
});
