import { accessSync, constants } from 'node:fs';

/** Whether this user may execute a file that is there. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
