import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'plateau-error-';
/** Whoever reports an error does so soon; a job that fails every night must not fill the temporary directory. */
const logsMax = 10;

/**
 * Keeps what is known of an error that nobody foresaw, and removes logs of earlier ones beyond the newest few.
 * @returns path of the log; `undefined` where the system does not let it be written, which may be what the error is about
 */
export function writeErrorLog(text: string, temporaryRoot = tmpdir()): string | undefined {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(temporaryRoot, prefix));
    const path = join(directory, 'plateau.log');
    writeFileSync(path, text, { mode: 0o600 });
    keepNewest(temporaryRoot);
    return path;
  } catch {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    return undefined;
  }
}

function keepNewest(temporaryRoot: string): void {
  const logs = readdirSync(temporaryRoot)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const path = join(temporaryRoot, name);
      const found = lstatSync(path, { throwIfNoEntry: false });
      const isOwn = found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
      return isOwn ? [{ path, writtenMs: found.mtimeMs }] : [];
    })
    .sort((one, other) => other.writtenMs - one.writtenMs);
  for (const { path } of logs.slice(logsMax)) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another plateau removes it, or the system keeps it: the new log counts.
    }
  }
}
