import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A directory that goes with the test.
 * @param whenFinished the test's own hook, which tests that run beside each other must pass
 */
export function temporaryDirectory(whenFinished: (remove: () => void) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  whenFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
