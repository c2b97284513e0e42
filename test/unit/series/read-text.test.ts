import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileBytesMax, readText } from '../../../harness/series/read-text.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('a file that memory does not hold is refused before it is read, with what to do', async () => {
  const path = join(temporaryDirectory(), 'huge.csv');
  writeFileSync(path, 'cycles,heapUsed\n');
  truncateSync(path, fileBytesMax() + 1_048_576);
  await expect(readText(path)).rejects.toMatchObject({
    code: 'PLATEAU_INVALID_SERIES',
    message: expect.stringMatching(
      /huge\.csv: expected at most \d+ MiB, which the memory of this process allows, got \d+ MiB\.$/,
    ),
    hint: expect.stringMatching(/^keep every tenth row/),
  });
});
