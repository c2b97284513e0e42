import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headCommit } from '../../../harness/repository/git.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('the commit of a repository is seen from below it, from a worktree, and after its references were packed', () => {
  const root = temporaryDirectory();
  const git = (...given: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...given], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  expect(headCommit(root)).toBeUndefined();
  git('init', '-q');
  expect(headCommit(root)).toBeUndefined();
  git('commit', '-q', '--allow-empty', '-m', 'first');
  const commit = git('rev-parse', 'HEAD');
  mkdirSync(join(root, 'below'));
  git('worktree', 'add', '-q', 'linked');
  git('pack-refs', '--all');
  expect([root, join(root, 'below'), join(root, 'linked')].map(headCommit)).toEqual([commit, commit, commit]);
});

test('a directory that does not exist has none', () => {
  expect(headCommit(join(temporaryDirectory(), 'missing'))).toBeUndefined();
});
