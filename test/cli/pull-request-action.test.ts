import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { execute, mainFile } from '../support/cli.js';
import { noGitHub, pullRequestProject } from '../support/pull-request-project.js';
import { problemsOfSarif } from '../support/sarif-schema.js';

const { project, git } = pullRequestProject();

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
      environment: { ...noGitHub, PATH: `${bin}:${process.env.PATH}`, RUNNER_TEMP: project, ...variables },
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
      ...noGitHub,
      PATH: `${join(project, 'bin')}:${process.env.PATH}`,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    },
  });
  expect(exitCode).toBe(0);
  for (const file of Object.values(job.artifacts.reports)) expect(existsSync(join(project, file))).toBe(true);
});
