import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute, mainFile, plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What the shell is answered for a command line whose last word is being typed. */
async function completed(...words: string[]): Promise<string[]> {
  const { stdout, exitCode } = await plateau(['complete', '--', ...words]);
  expect(exitCode).toBe(0);
  return stdout.split('\n').map((line) => line.split('\t')[0]!);
}

test('commands, their options, values, scenarios and runs are completed', async () => {
  expect(await completed('comp')).toEqual(expect.arrayContaining(['compare', 'completion']));
  expect(await completed('run', '--virt')).toContain('--virtual-time');
  expect(await completed('run', '--attribution', '')).toEqual(expect.arrayContaining(['off', 'on-leak', 'always']));
  expect(await completed('run', 'branch-store/')).toContain('branch-store/branches');
  expect(await completed('report', 'lat')).toContain('latest');
});

test('bash takes the script and asks plateau', async () => {
  const directory = temporaryDirectory();
  const executable = join(directory, 'plateau');
  writeFileSync(executable, `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`);
  chmodSync(executable, 0o755);
  const script = `
    source <(plateau completion bash)
    COMP_WORDS=(plateau nigh) COMP_CWORD=1 COMP_LINE='plateau nigh' COMP_POINT=12
    "$(complete -p plateau | sed -E 's/.*-F ([^ ]+).*/\\1/')" plateau
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const environment = { PATH: `${directory}:${process.env.PATH}` };
  const { stdout, stderr } = await execute('bash', ['--norc', '-c', script], { environment });
  expect(
    stdout.split('\n').map((line) => line.trim().split(/\s/)[0]),
    stderr,
  ).toContain('nightly');
});

test.each(['zsh', 'fish', 'powershell'])('there is a script for %s', async (shell) => {
  const { stdout, exitCode } = await plateau(['completion', shell]);
  expect(stdout).toContain('plateau');
  expect(stdout).toContain('complete');
  expect(exitCode).toBe(0);
});

test('another shell is refused with those that are known', async () => {
  const { stderr, exitCode } = await plateau(['completion', 'tcsh']);
  expect(stderr).toMatch(/zsh.*bash.*fish/);
  expect(exitCode).toBe(3);
});
