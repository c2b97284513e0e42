import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeErrorLog } from '../../../harness/cli/error-log.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('the log of an error is for its user alone, and only the newest are kept', () => {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'plateau-error-of-mine'), 'no directory');
  mkdirSync(join(root, 'plateau-other'));
  const paths = Array.from({ length: 12 }, (_, index) => {
    const path = writeErrorLog(`error ${index}`, root)!;
    utimesSync(dirname(path), 1_000 + index, 1_000 + index);
    return path;
  });
  expect(statSync(paths[11]!).mode & 0o777).toBe(0o600);
  const texts = readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory() && name !== 'plateau-other')
    .map((name) => readFileSync(join(root, name, 'plateau.log'), 'utf8'));
  expect(texts.sort()).toEqual(Array.from({ length: 10 }, (_, index) => `error ${index + 2}`).sort());
  expect(readdirSync(root)).toContain('plateau-error-of-mine');
  expect(readdirSync(root)).toContain('plateau-other');
});

test('where no log can be written, none is named', () => {
  expect(writeErrorLog('error', join(temporaryDirectory(), 'missing'))).toBeUndefined();
});
