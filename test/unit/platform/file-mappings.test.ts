import { expect, test } from 'vitest';
import { parseFileMappings } from '../../../harness/platform/file-mappings.js';

test('parts of files in memory are read with what their names hold; other memory is left out', () => {
  const maps = `55d0-55d1 r--p 00001000 fe:00 12    /usr/bin/python3.11
7f00-7f01 r--p 00000000 fe:00 13    /opt/with space/lib.so (deleted)
7f01-7f02 rw-p 00000000 00:00 0     [heap]
7f02-7f03 rw-p 00000000 00:00 0 
`;
  expect(parseFileMappings(maps)).toEqual([
    { start: 0x55d0n, end: 0x55d1n, offset: 0x1000n, path: '/usr/bin/python3.11' },
    { start: 0x7f00n, end: 0x7f01n, offset: 0n, path: '/opt/with space/lib.so (deleted)' },
  ]);
});
