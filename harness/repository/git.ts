import { execFile, spawnSync } from 'node:child_process';
import { PlateauError } from '../model/errors.js';

const outputBytesMax = 256 * 1024 * 1024;

export interface GitFailure {
  readonly message: string;
  readonly exitCode: number | undefined;
}

export type GitResult =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly failure: GitFailure };

/** Variables of a hook or of another git would point ours to a repository, or an index, that nobody named. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|PREFIX|NAMESPACE)$/.test(name),
  );
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** Asks git something that it may refuse; no git at all is a refusal too. */
export async function askGit(directory: string, given: readonly string[]): Promise<GitResult> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: cleanEnvironment(), maxBuffer: outputBytesMax };
    execFile('git', given, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, output: stdout });
      const missing = error.code === 'ENOENT' ? 'git is not on the PATH, or the directory does not exist' : undefined;
      const exitCode = typeof error.code === 'number' ? error.code : undefined;
      return resolve({ ok: false, failure: { message: missing ?? (stderr.trim() || error.message), exitCode } });
    });
  });
}

const headTimeoutMs = 5_000;

/**
 * Commit of the repository around a directory, whoever owns it: nothing of it is run.
 * @returns undefined outside of one, before its first commit, and without git
 */
export function headCommit(directory: string): string | undefined {
  const given = ['-c', 'safe.directory=*', 'rev-parse', '--verify', '--quiet', 'HEAD'];
  const options = { cwd: directory, env: cleanEnvironment(), encoding: 'utf8', timeout: headTimeoutMs } as const;
  const { status, stdout } = spawnSync('git', given, options);
  return status === 0 ? stdout.trim() : undefined;
}

/** @throws {PlateauError} `PLATEAU_GIT` with what git said */
export async function git(directory: string, given: readonly string[]): Promise<string> {
  const result = await askGit(directory, given);
  if (result.ok) return result.output;
  throw new PlateauError('PLATEAU_GIT', `git ${given.join(' ')} in ${directory} failed: ${result.failure.message}`, {
    hint: 'run it by itself to see why',
  });
}
