import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { temporaryDirectory } from './temporary-directory.js';

const store = (kept: string) =>
  `const recent = new Map();\nexport function remember(cycle) {\n  recent.set(${kept}, { cycle, a: 1, b: 2 });\n}\n`;

/** What changes on each branch; `store.mjs` is imported by one scenario, `other.scenario.mjs` by none. */
const branches: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  leak: { 'store.mjs': store('cycle') },
  moved: { 'store.mjs': `// A comment above it.\n\n${store('cycle')}` },
  fixed: { 'store.mjs': `// A comment above it.\n\n${store('cycle % 60')}` },
  signals: {
    'store.mjs': `${store('cycle % 50')}if (process.env.SEND_SIGNAL) setInterval(() => process.kill(process.ppid, process.env.SEND_SIGNAL), 500);\n`,
  },
  broken: {
    'store.mjs': store('cycle'),
    'other.scenario.mjs': "throw new Error('no database');\nexport default {};\n",
  },
  documents: { 'NOTES.md': 'notes\n' },
};

/** A repository with a branch for each change, which is removed after the file's tests. */
export function pullRequestProject() {
  const project = temporaryDirectory(afterAll);
  const git = (...given: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...given], { cwd: project, encoding: 'utf8' });
  const commit = (message: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    git('add', '.');
    git('commit', '--quiet', '--message', message);
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit('first', {
    '.gitignore': '.plateau\nnode_modules\n*.out\nbin\n',
    'store.mjs': store('cycle % 50'),
    'store.scenario.mjs':
      "import { remember } from './store.mjs';\nexport function iterate(cycle) {\n  remember(cycle);\n}\n",
    'other.scenario.mjs': 'export function iterate() {}\n',
  });
  for (const [branch, files] of Object.entries(branches)) {
    git('checkout', '--quiet', '-B', branch, 'main');
    commit(branch, files);
  }
  return { project, git };
}

/** No variable of the machine that runs the tests makes plateau write for GitHub. */
export const noGitHub = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_OUTPUT: '', GITHUB_WORKSPACE: '' };
