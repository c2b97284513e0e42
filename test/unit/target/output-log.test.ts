import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutputLog } from '../../../harness/target/output-log.js';

test('a target that prints to a full disk goes on, and its last lines are known', async () => {
  const log = createOutputLog('/dev/full', (text) => text.replace('s3cret', '***'));
  const printed = Readable.from(['listening\n', 'the password is s3cret\n', 'and so on']);
  log.attach(printed);
  await once(printed, 'end');
  expect(log.lastLines()).toEqual(['listening', 'the password is ***', 'and so on']);
  log.close();
});
