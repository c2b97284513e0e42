import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/** Whether there is a file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The file that a command names, as a shell finds it: by a path, or by a name on the search path. */
export function executableOf(
  file: string,
  { workingDirectory, searchPath = '' }: { readonly workingDirectory: string; readonly searchPath: string | undefined },
): string | undefined {
  const directories = file.includes('/') ? ['.'] : searchPath.split(delimiter);
  return directories.map((directory) => resolve(workingDirectory, directory, file)).find(isExecutable);
}
