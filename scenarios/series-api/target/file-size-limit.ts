import { spawnSync } from 'node:child_process';

/**
 * Lets this process write no file larger than so many bytes (RLIMIT_FSIZE): writes fail as on a full disk, with EFBIG.
 * @throws where `prlimit` of util-linux is missing
 */
export function limitFileSize(bytes: number): void {
  const { error, status, stderr } = spawnSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}`]);
  if (status !== 0) throw new Error(`--file-size-limit: prlimit failed: ${error?.message ?? stderr}`);
}
