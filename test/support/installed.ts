import { execFileSync } from 'node:child_process';

/** Whether a program that answers `--version` is on the PATH. */
export function installed(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
