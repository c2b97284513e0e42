import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plateau } from '../support/cli.js';
import { noGitHub, pullRequestProject } from '../support/pull-request-project.js';

const { project, git } = pullRequestProject();

test('a leak that a change brings is reported at its line in every format', async () => {
  git('checkout', '--quiet', 'leak');
  const { exitCode, stdout, stderr } = await plateau(
    [
      ...['pr', '--base', 'main', '--time', '60s', '--comment', 'comment.out', '--sarif', 'sarif.out'],
      ...['--code-quality', 'quality.out', '--junit', 'junit.out'],
    ],
    {
      directory: project,
      environment: {
        ...noGitHub,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: project,
        GITHUB_STEP_SUMMARY: join(project, 'summary.out'),
        GITHUB_OUTPUT: join(project, 'step.out'),
      },
    },
  );
  const read = (name: string) => readFileSync(join(project, name), 'utf8');
  expect(stdout).toMatch(/^<!-- plateau:pull-request -->\n### plateau: something grows that did not/);
  expect(stdout).toMatch(/`store\.scenario` \| new leak/);
  expect(stdout).toMatch(/not touched: `other\.scenario`/);
  expect(read('comment.out')).toBe(stdout);
  expect(read('summary.out')).toBe(`${stdout}\n`);
  expect(read('step.out')).toBe(`news=true\nsarif=${join(project, 'sarif.out')}\n`);
  expect(stdout).toMatch(/### ✗ main → HEAD: new leak/);
  expect(stdout).toMatch(/`plateau ab \.\/store\.scenario\.mjs --before ref:[0-9a-f]{10} --after sound --seed \d+`/);
  expect(stderr).toMatch(/::error file=store\.mjs,line=3,title=plateau%3A store\.scenario::/);
  const sarif = JSON.parse(read('sarif.out')) as { runs: { results: { ruleId: string }[] }[] };
  expect(sarif.runs[0]!.results[0]).toMatchObject({
    ruleId: 'leak',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'store.mjs' }, region: { startLine: 3 } } }],
  });
  expect(JSON.parse(read('quality.out'))).toMatchObject([{ location: { path: 'store.mjs', lines: { begin: 3 } } }]);
  expect(read('junit.out')).toMatch(/tests="1" failures="1" errors="0"[\s\S]*name="store\.scenario"><failure/);
  expect(exitCode).toBe(1);
});

test('an interruption reports nothing of the change, and names the runs that were kept', async () => {
  git('checkout', '--quiet', 'signals');
  const settings = { directory: project, environment: { SEND_SIGNAL: 'SIGUSR2' } };
  const { exitCode, stdout, stderr } = await plateau(['pr', '--base', 'main', '--time', '60s'], settings);
  expect(exitCode).toBe(130);
  expect(stdout).toBe('');
  const [, before, after] = /Interrupted: nothing is reported.*\nTry: plateau compare (\S+) (\S+)$/m.exec(stderr) ?? [];
  for (const id of [before, after]) expect(existsSync(join(project, '.plateau/runs', id!, 'run.json'))).toBe(true);
});

test('a change of documents touches no scenario', async () => {
  git('checkout', '--quiet', 'documents');
  const { exitCode, stdout } = await plateau(['pr', '--base', 'main'], { directory: project, environment: noGitHub });
  expect(stdout).toMatch(/nothing grows that did not\n\nThe change touches no scenario\./);
  expect(stdout).toMatch(/not touched: `other\.scenario`, `store\.scenario`/);
  expect(exitCode).toBe(0);
});

test('scenarios without time are reported as not run', async () => {
  git('checkout', '--quiet', 'documents');
  const given = ['pr', './store.scenario.mjs', '--base', 'main', '--time', '5s'];
  const { exitCode, stdout } = await plateau(given, { directory: project, environment: noGitHub });
  expect(stdout).toMatch(/it is not known whether something grows that did not\n/);
  expect(stdout).toMatch(/`store\.scenario` \| not run \| no time left/);
  expect(exitCode).toBe(2);
});

test('a scenario that cannot be loaded is reported as not compared, beside the others', async () => {
  git('checkout', '--quiet', 'broken');
  const given = ['pr', '--base', 'main', '--time', '5s', '--comment', 'broken.out'];
  const { exitCode, stdout } = await plateau(given, { directory: project, environment: noGitHub });
  expect(stdout).toMatch(/`other\.scenario` \| not compared \| .*no database/);
  expect(stdout).toMatch(/`store\.scenario` \| not run \| no time left/);
  expect(readFileSync(join(project, 'broken.out'), 'utf8')).toBe(stdout);
  expect(exitCode).toBe(2);
});

test.each([
  [['pr'], /Required option '--base <ref>' not specified/],
  [['pr', '--base', 'nowhere'], /--base: expected a commit, branch or tag of .*, got "nowhere"\./],
])('%j is refused', async (given, message) => {
  const { exitCode, stderr } = await plateau(given, { directory: project, environment: noGitHub });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(3);
});
