import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { visitFilesBelow } from '../../../harness/platform/files-below.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('files, links and empty directories are visited once, and links are not followed', () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'empty'));
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/b/file'), '');
  symlinkSync('..', join(root, 'a/up'));
  const visited: string[] = [];
  expect(visitFilesBelow(root, (path) => visited.push(path))).toBe(true);
  expect(visited.sort()).toEqual(['a/b/file', 'a/up', 'empty']);
  expect(visitFilesBelow(join(root, 'missing'), () => expect.unreachable())).toBe(true);
});
