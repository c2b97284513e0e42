import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindOfName, mayRunCounted, obstacleIn } from '../../../../harness/runtimes/native/executables.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const mayRun = (file: string, workingDirectory = '/') =>
  mayRunCounted({
    file,
    arguments: [],
    workingDirectory,
    environment: { PATH: `${join(process.execPath, '..')}:/usr/bin:/bin` },
    purpose: 'measure',
    directory: '/nowhere',
  });

function script(firstLine: string): string {
  const path = join(temporaryDirectory(), 'serve');
  writeFileSync(path, `${firstLine}\n`);
  chmodSync(path, 0o755);
  return path;
}

test.each(['tail', '/usr/bin/tail', 'sh', 'env', 'npm'])('%s may come to run machine code', (file) => {
  expect(mayRun(file)).toBe(true);
});

test.each(['node', 'no-such-program', '/', '/etc/passwd'])('%s does not', (file) => {
  expect(mayRun(file)).toBe(false);
});

test.each([
  ['#!/bin/sh', true],
  ['#!/usr/bin/env -S bash -e', true],
  ['#!/usr/bin/env python3', false],
  ['#!/usr/local/bin/node', false],
  ['no program at all', false],
])('a script that begins with %s: %s', (firstLine, expected) => {
  expect(mayRun(script(firstLine))).toBe(expected);
});

test('a path is looked for from where the command starts', () => {
  expect(mayRun('./bin/tail', '/usr')).toBe(true);
  expect(mayRun('./bin/tail', '/etc')).toBe(false);
});

test.each([
  ['/usr/bin/python3.11', 'other'],
  ['/opt/jdk/bin/java', 'other'],
  ['/usr/lib/postgresql/15/bin/postgres', 'other'],
  ['/bin/dash', 'launcher'],
  ['/srv/app/server', 'native'],
])('%s is of the kind %s', (path, kind) => {
  expect(kindOfName(path)).toBe(kind);
});

test('nothing stands in the way of a usual program', () => {
  expect(obstacleIn('/usr/bin/tail')).toBeUndefined();
});
