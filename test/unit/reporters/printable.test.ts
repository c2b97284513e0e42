import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../harness/model/shell-words.js';
import { placeText, shortPath } from '../../../reporters/format/location.js';
import { code, commandCode } from '../../../reporters/format/markdown-text.js';
import { inertJson, printable, printableCommand } from '../../../reporters/format/printable.js';

describe('printable', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['\u001b]0;title\u0007text', 'text'],
    ['two\r\n  lines\tand tabs', 'two lines and tabs'],
    ['abc\u202Etxt.exe', 'abc\u{fffd}txt.exe'],
    ['nul\u0000 bell\u0007', 'nul\u{fffd} bell\u{fffd}'],
    ['lone \ud800 surrogate', 'lone \u{fffd} surrogate'],
    ['👨‍👩‍👧 and हिन्दी', '👨‍👩‍👧 and हिन्दी'],
  ])('%j becomes %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves nothing that a terminal would act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('keeps a limit', () => {
    expect(printable('x'.repeat(50), 10)).toBe('xxxxxxxxx…');
  });

  it('keeps commands whole', () => {
    const command = `plateau http --body '${'x'.repeat(5_000)}' http://127.0.0.1:3000`;
    expect(printableCommand(command)).toBe(command);
    expect(printableCommand('plateau http --body \'{"a":  1}\' x')).toBe('plateau http --body \'{"a":  1}\' x');
  });

  it.each([
    ['two lines\n\tof a body'],
    ["it's\\n\r\n"],
    ["\u001b[31mred\u001b[0m\u202e 'quoted'"],
    ['\u{e0041}tagged'],
  ])('writes %j so that a shell reads it back', (word) => {
    const shown = printableCommand(`printf %s ${shellWords([word])}`);
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(execFileSync('bash', ['-c', shown], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } })).toBe(word);
  });

  it('writes JSON that parses to the same and cannot act', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = inertJson({ text });
        expect(json).not.toMatch(/[\p{Cc}\u007f-\u009f\u202a-\u202e]/u);
        expect(JSON.parse(json)).toEqual({ text });
      }),
    );
  });
});

describe('Markdown', () => {
  it('writes code around nothing that begins no other code', () => {
    expect(code('')).toBe('` `');
    expect(code('a`b')).toBe('`` a`b ``');
    expect(commandCode("printf 'a  b'")).toBe("`printf 'a  b'`");
  });
});

describe('locations', () => {
  it('shows paths as a person in the directory would write them', () => {
    expect(shortPath('/srv/app/src/a.ts', '/srv/app')).toBe('src/a.ts');
    expect(shortPath('/srv/application/a.ts', '/srv/app')).toBe('/srv/application/a.ts');
    expect(shortPath('/srv/app/node_modules/a/node_modules/@scope/b/index.js')).toBe('@scope/b/index.js');
    expect(placeText({ file: 'file:///srv/app/a.ts', line: 3, column: 7 }, '/srv/app')).toBe('a.ts:3:7');
    expect(placeText({ file: 'node:events', line: 518 })).toBe('node:events:518');
  });
});
