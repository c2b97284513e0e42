import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from './temporary-directory.js';

/** A git repository that a test made: its own name and mail, no hooks or settings of whoever runs the test. */
export interface TestRepository {
  readonly directory: string;
  git(...given: string[]): string;
  /** Writes files and commits them. @returns its full name */
  commit(subject: string, files: Readonly<Record<string, string>>): string;
  /** All that a command must not change: HEAD, branches, worktrees, stash, and what git status says. */
  state(): string;
}

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];

export function createRepository(directory = temporaryDirectory()): TestRepository {
  const git = (...given: string[]) =>
    execFileSync('git', [...identity, ...given], {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  mkdirSync(directory, { recursive: true });
  git('init', '--quiet', '--initial-branch', 'main');
  return {
    directory,
    git,
    commit(subject, files) {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), content);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', subject);
      return git('rev-parse', 'HEAD');
    },
    state: () =>
      [
        git('rev-parse', 'HEAD'),
        git('symbolic-ref', 'HEAD'),
        git('for-each-ref'),
        git('worktree', 'list'),
        git('stash', 'list'),
        git('status', '--porcelain', '--untracked-files=all'),
      ].join('\n---\n'),
  };
}

/** A module of functions that keeps `kept` entries a cycle and does something of its own beside. */
export function storeModule(kept: number): string {
  return `
const sessions = new Map();
export function create(cycle) {
  const keys = Array.from({ length: ${kept + 1} }, (_, index) => cycle + ':' + index);
  for (const key of keys) sessions.set(key, { key });
  return keys[0];
}
export function destroy(key) {
  sessions.delete(key);
}
export const size = () => sessions.size;
`;
}

/** Drives the store at \`./store.mjs\`. */
export const storeScenario = `
import { create, destroy, size } from './store.mjs';
export { create, destroy };
export const gauges = () => ({ sessions: size() });
`;
