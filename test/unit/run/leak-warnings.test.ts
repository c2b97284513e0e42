import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { countLeakWarnings } from '../../../harness/target/leak-warnings.js';
import { createOutputLog } from '../../../harness/target/output-log.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('lines that point at a leak are counted by kind; other lines are none', async () => {
  const output = createOutputLog(join(temporaryDirectory(), 'target.log'), (text) => text);
  const warnings = countLeakWarnings(output);
  const stream = new PassThrough();
  output.attach(stream);
  for (let descriptor = 20; descriptor < 23; descriptor += 1)
    stream.write(`(node:1) Warning: Closing file descriptor ${descriptor} on garbage collection\n`);
  stream.write(
    '(node:1) MaxListenersExceededWarning: Possible EventEmitter memory leak detected. 11 close listeners\n',
  );
  stream.write('GET / 200\n');
  stream.end();
  await new Promise((resolve) => stream.once('close', resolve));
  output.close();
  expect(warnings().map(({ line, count }) => [line.slice(9, 40), count])).toEqual([
    ['Warning: Closing file descripto', 3],
    ['MaxListenersExceededWarning: Po', 1],
  ]);
});
