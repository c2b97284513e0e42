import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { execute, mainFile, plateau } from '../support/cli.js';
import { problemsOfSarif } from '../support/sarif-schema.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A repository with a branch for each change; `store.mjs` is imported by one scenario, `other.scenario.mjs` by none. */
const project = temporaryDirectory(afterAll);
const git = (...given: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...given], { cwd: project, encoding: 'utf8' });
const write = (name: string, text: string) => writeFileSync(join(project, name), text);
const store = (kept: string) =>
  `const recent = new Map();\nexport function remember(cycle) {\n  recent.set(${kept}, { cycle, a: 1, b: 2 });\n}\n`;

function commitOn(branch: string, files: Readonly<Record<string, string>>): void {
  git('checkout', '--quiet', '-B', branch, 'main');
  for (const [name, text] of Object.entries(files)) write(name, text);
  git('add', '.');
  git('commit', '--quiet', '--message', branch);
}

beforeAll(() => {
  git('init', '--quiet', '--initial-branch', 'main');
  write('.gitignore', '.plateau\nnode_modules\n*.out\nbin\n');
  write('store.mjs', store('cycle % 50'));
  write(
    'store.scenario.mjs',
    "import { remember } from './store.mjs';\nexport function iterate(cycle) {\n  remember(cycle);\n}\n",
  );
  write('other.scenario.mjs', 'export function iterate() {}\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
  commitOn('leak', { 'store.mjs': store('cycle') });
  commitOn('moved', { 'store.mjs': `// A comment above it.\n\n${store('cycle')}` });
  commitOn('fixed', { 'store.mjs': `// A comment above it.\n\n${store('cycle % 60')}` });
  commitOn('signals', {
    'store.mjs': `${store('cycle % 50')}if (process.env.SEND_SIGNAL) setInterval(() => process.kill(process.ppid, process.env.SEND_SIGNAL), 500);\n`,
  });
  commitOn('broken', {
    'store.mjs': store('cycle'),
    'other.scenario.mjs': "throw new Error('no database');\nexport default {};\n",
  });
  commitOn('documents', { 'NOTES.md': 'notes\n' });
});

const environment = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '', GITHUB_WORKSPACE: '' };

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
        ...environment,
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
  const { exitCode, stdout } = await plateau(['pr', '--base', 'main'], { directory: project, environment });
  expect(stdout).toMatch(/nothing grows that did not\n\nThe change touches no scenario\./);
  expect(stdout).toMatch(/not touched: `other\.scenario`, `store\.scenario`/);
  expect(exitCode).toBe(0);
});

test('scenarios without time are reported as not run', async () => {
  git('checkout', '--quiet', 'documents');
  const given = ['pr', './store.scenario.mjs', '--base', 'main', '--time', '5s'];
  const { exitCode, stdout } = await plateau(given, { directory: project, environment });
  expect(stdout).toMatch(/it is not known whether something grows that did not\n/);
  expect(stdout).toMatch(/`store\.scenario` \| not run \| no time left/);
  expect(exitCode).toBe(2);
});

test('a scenario that cannot be loaded is reported as not compared, beside the others', async () => {
  git('checkout', '--quiet', 'broken');
  const given = ['pr', '--base', 'main', '--time', '5s', '--comment', 'broken.out'];
  const { exitCode, stdout } = await plateau(given, { directory: project, environment });
  expect(stdout).toMatch(/`other\.scenario` \| not compared \| .*no database/);
  expect(stdout).toMatch(/`store\.scenario` \| not run \| no time left/);
  expect(readFileSync(join(project, 'broken.out'), 'utf8')).toBe(stdout);
  expect(exitCode).toBe(2);
});

test.each([
  [['pr'], /Required option '--base <ref>' not specified/],
  [['pr', '--base', 'nowhere'], /--base: expected a commit, branch or tag of .*, got "nowhere"\./],
])('%j is refused', async (given, message) => {
  const { exitCode, stderr } = await plateau(given, { directory: project, environment });
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(3);
});

/** The steps of the Action, with the values that GitHub puts in, and a `gh` that keeps one list of comments. */
interface Step {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Alerts {
  readonly runs: readonly {
    readonly automationDetails: { readonly id: string };
    readonly results: readonly {
      readonly locations: readonly { readonly physicalLocation: { readonly region: { readonly startLine: number } } }[];
      readonly partialFingerprints: object;
    }[];
  }[];
}

test('the steps of the Action keep one comment and one alert from push to push, and write none without news', async () => {
  const action = parse(readFileSync(new URL('../../.github/actions/plateau/action.yml', import.meta.url), 'utf8')) as {
    readonly runs: { readonly steps: readonly [Step, Step] };
  };
  const bin = join(project, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${mainFile}' "$@"\n`, { mode: 0o755 });
  const calls = join(project, 'gh-calls.out');
  const comment = join(project, 'posted.out');
  writeFileSync(
    join(bin, 'gh'),
    `#!/bin/sh
echo "$*" >> '${calls}'
case "$*" in
  *PATCH*|*POST*) cp "$RUNNER_TEMP/plateau-comment.md" '${comment}' ;;
  *) if [ -f '${comment}' ]; then echo 17; fi ;;
esac
`,
    { mode: 0o755 },
  );
  // As a runner calls bash for a step.
  const runStep = (step: Step, variables: Readonly<Record<string, string>>) =>
    execute('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      directory: project,
      environment: { ...environment, PATH: `${bin}:${process.env.PATH}`, RUNNER_TEMP: project, ...variables },
    });
  const push = async (branch: string) => {
    git('checkout', '--quiet', branch);
    const output = join(project, `${branch}-step.out`);
    const soak = await runStep(action.runs.steps[0], {
      ...{ BASE: 'main', SCENARIOS: '', TIME: '60s', BUILD: '', GITHUB_WORKSPACE: project, GITHUB_OUTPUT: output },
    });
    const outputs = Object.fromEntries(
      readFileSync(output, 'utf8')
        .split('\n')
        .map((line) => line.split('=')),
    ) as { readonly news: string; readonly sarif?: string };
    const commented = await runStep(action.runs.steps[1], {
      NEWS: outputs.news,
      REPOSITORY: 'a/b',
      PULL_REQUEST: '7',
      GH_TOKEN: 'x',
    });
    expect(commented.stderr).toBe('');
    const log = outputs.sarif === undefined ? undefined : (JSON.parse(readFileSync(outputs.sarif, 'utf8')) as Alerts);
    if (log !== undefined) expect(problemsOfSarif(log)).toEqual([]);
    return { exitCode: soak.exitCode, alerts: log?.runs };
  };
  const alertAt = (startLine: number) => [
    {
      automationDetails: { id: 'plateau/store.scenario/' },
      results: [{ locations: [{ physicalLocation: { region: { startLine } } }] }],
    },
  ];
  expect(await push('documents')).toEqual({ exitCode: 0, alerts: undefined });
  expect(existsSync(comment)).toBe(false);
  const leak = await push('leak');
  expect(leak).toMatchObject({ exitCode: 1, alerts: alertAt(3) });
  expect(readFileSync(comment, 'utf8')).toMatch(/new leak/);
  const moved = await push('moved');
  expect(moved).toMatchObject({ exitCode: 1, alerts: alertAt(5) });
  const fingerprints = ({ alerts }: typeof leak) => alerts![0]!.results.map((result) => result.partialFingerprints);
  expect(fingerprints(moved)).toEqual(fingerprints(leak));
  // The analysis is there, without the alert: that closes it.
  expect(await push('fixed')).toMatchObject({ exitCode: 0, alerts: [{ results: [] }] });
  expect(readFileSync(comment, 'utf8')).toMatch(/nothing grows that did not/);
  expect(readFileSync(calls, 'utf8').match(/POST|PATCH/g)).toEqual(['POST', 'PATCH', 'PATCH']);
});

const page = readFileSync(new URL('../../harness/cli/README.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## Pull requests'), page.indexOf('## Nights'));
const workflows = [...section.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => parse(text!) as unknown);

test('the workflow of the page gives the Action what it takes', () => {
  const action = parse(readFileSync(new URL('../../.github/actions/plateau/action.yml', import.meta.url), 'utf8')) as {
    readonly inputs: object;
    readonly outputs: object;
  };
  const { jobs } = workflows[0] as {
    jobs: { soak: { steps: readonly { uses?: string; with?: Readonly<Record<string, string>>; if?: string }[] } };
  };
  const step = jobs.soak.steps.find(({ uses }) => uses === './.github/actions/plateau')!;
  for (const input of Object.keys(step.with!)) expect(action.inputs).toHaveProperty(input);
  const upload = jobs.soak.steps.find(({ uses }) => uses?.includes('upload-sarif'))!;
  expect(upload.with!.sarif_file).toMatch(/steps\.plateau\.outputs\.sarif/);
  expect(action.outputs).toHaveProperty('sarif');
});

test('the job of the page for GitLab leaves the files that it names', async () => {
  const job = (workflows[1] as { plateau: { script: string; artifacts: { reports: Record<string, string> } } }).plateau;
  git('checkout', '--quiet', 'documents');
  git('update-ref', 'refs/remotes/origin/main', 'main');
  const { exitCode } = await execute('sh', ['-c', job.script], {
    directory: project,
    environment: {
      ...environment,
      PATH: `${join(project, 'bin')}:${process.env.PATH}`,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    },
  });
  expect(exitCode).toBe(0);
  for (const file of Object.values(job.artifacts.reports)) expect(existsSync(join(project, file))).toBe(true);
});
