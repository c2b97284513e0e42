import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunTemporaryDirectory, readOwnership } from '../../../../harness/platform/run-temporary-directory.js';
import { measureKeyCosts } from '../../../../harness/runtimes/redis/key-costs.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test('the server that is started to measure is noted in the directory of the run, so that a later start ends it', async () => {
  const { path } = createRunTemporaryDirectory('costs', temporaryDirectory());
  const directory = join(path, 'in');
  mkdirSync(directory);
  const server = join(directory, 'server');
  writeFileSync(server, '#!/bin/sh\n');
  chmodSync(server, 0o700);
  const { expiryBytes } = await measureKeyCosts(server, directory);
  expect(expiryBytes, 'what is usual, since that server measures nothing').toBe(32);
  expect(readOwnership(path)?.processes).toHaveLength(1);
});
