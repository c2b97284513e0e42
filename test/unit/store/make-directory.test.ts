import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDirectory } from '../../../harness/store/make-directory.js';
import { makeOutDirectory } from '../../../harness/store/run-store.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('directories above are made too, and what is there already stays', () => {
  const path = join(temporaryDirectory(), 'a', 'b', 'c');
  expect(makeDirectory(path, 0o700)).toBe(true);
  expect(existsSync(path)).toBe(true);
  expect(makeDirectory(path, 0o700)).toBe(false);
});

test('a file in its place is an error', () => {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, '');
  expect(() => makeDirectory(path, 0o700)).toThrow(/EEXIST/);
});

// Node's recursive mkdirSync never returns for it.
test.runIf(process.platform === 'linux')('a file system that makes no directories is a clear error', () => {
  expect(() => makeOutDirectory('/proc/plateau/runs')).toThrow(/Cannot make \/proc\/plateau\/runs: E[A-Z]+\./);
});
