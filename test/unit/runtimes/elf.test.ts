import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readElf } from '../../../harness/runtimes/elf.js';

test('a program shows what starts it, what it needs and what it defines', () => {
  const node = readElf(process.execPath)!;
  expect(node.bits).toBe(64);
  expect(node.interpreter).toMatch(/^\/lib/);
  expect(node.needed.join(' ')).toMatch(/libc\./);
  expect(node.defines(/^napi_create_object$/)).toBe('napi_create_object');
  expect(node.exports('napi_create_object')).toBe(true);
  expect(node.exports('malloc')).toBe(false);
});

test('what is no program is none', () => {
  expect(readElf(fileURLToPath(import.meta.url))).toBeUndefined();
  expect(readElf('/nowhere')).toBeUndefined();
  expect(readElf('/')).toBeUndefined();
});
