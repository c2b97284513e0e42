import { PlateauError } from '../model/errors.js';

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on that disk, or pass --out with a directory on another one; what was written is kept',
  EDQUOT: 'make room in your quota, or pass --out with a directory elsewhere; what was written is kept',
  EFBIG: 'raise the limit on file sizes (ulimit -f), or pass --out with a directory elsewhere',
  EACCES: 'make the directory writable for this user, or pass --out with another one',
  EPERM: 'make the directory writable for this user, or pass --out with another one',
  EROFS: 'pass --out with a directory on a disk that can be written to',
  ENOENT: 'pass --out with a directory on a disk that can be written to',
  ENOTDIR: 'pass --out with a directory, not a file',
  EEXIST: 'pass --out with another directory, since a file is there',
};

/** `error` of the operating system as one that names the path and says what to do. */
export function storeError(action: string, path: string, error: unknown): PlateauError {
  if (error instanceof PlateauError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const hint = advice[code ?? ''] ?? 'check the disk, then run again';
  return new PlateauError('PLATEAU_STORE', `Cannot ${action} ${path}: ${code ?? message}.`, { hint, cause: error });
}
