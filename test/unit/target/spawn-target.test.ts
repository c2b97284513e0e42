import { expect, test } from 'vitest';
import { createRunTemporaryDirectory, readOwnership } from '../../../harness/platform/run-temporary-directory.js';
import { startTarget } from '../../../harness/target/start-target.js';
import { startContext } from '../../support/start-context.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('a process is noted as soon as it is started, whether or not it gets ready', async () => {
  const root = temporaryDirectory();
  const { path } = createRunTemporaryDirectory('spawned', root);
  const context = startContext(root, { ownerDirectory: path });
  const starting = startTarget({ command: ['false'], ready: { line: 'ready' } }, context);
  await expect(starting).rejects.toThrow('ended before it was ready');
  expect(readOwnership(path)?.processes).toHaveLength(1);
});
