import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeText, gotInsteadOfFile } from '../../../harness/platform/user-files.js';
import { loadRows } from '../../../harness/scenario/load-rows.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const rows = 'name,city\nann,Bern\n';

test.each([
  ['UTF-8', Buffer.from(rows)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${rows}`)],
  ['UTF-16', Buffer.from(`\uFEFF${rows}`, 'utf16le')],
  ['UTF-16 of the other byte order', Buffer.from(`\uFEFF${rows}`, 'utf16le').swap16()],
])('text and rows of a file in %s', (_encoding, bytes) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'users.csv'), bytes);
  expect(decodeText(bytes)).toBe(rows);
  expect(loadRows('users.csv', directory)).toEqual([{ name: 'ann', city: 'Bern' }]);
});

test('what was found instead of a file is named', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'users.csv'));
  const got = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      return gotInsteadOfFile(error);
    }
  };
  expect(got(join(directory, 'users.csv'))).toBe('a directory');
  expect(got(join(directory, 'none.csv'))).toBe('none');
  expect(() => loadRows('users.csv', directory)).toThrow(/users\.csv: expected a CSV file, got a directory\./);
});

test('a column that is named twice is refused: no value could mean one of them', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'users.csv'), 'id;name;id\n1;ann;2\n');
  expect(() => loadRows('users.csv', directory)).toThrow(
    /users\.csv: expected a header line that names each column once, got "id" twice\./,
  );
});
