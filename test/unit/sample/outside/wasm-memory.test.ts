import { expect, test } from 'vitest';
import { arenasIn, readWasmMemory } from '../../../../harness/sample/outside/wasm-memory.js';

const mebibyte = 1024 * 1024;

/** Of Node, whose types leave it to the browser's. */
const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (size: object) => { buffer: ArrayBuffer } } })
  .WebAssembly;

test('an arena is what lies before a guard of gigabytes, and nothing else', () => {
  const maps = [
    '7fa4e8000000-7fa568000000 ---p 00000000 00:00 0 ',
    '7fa568000000-7fa569000000 rw-p 00000000 00:00 0 ',
    '7fa569000000-7fa768000000 ---p 00000000 00:00 0 ',
    '7fa768000000-7fa768222000 rw-p 00000000 00:00 0 ',
    // A reservation of Node for compiled code.
    '7fa768222000-7fa788000000 ---p 00000000 00:00 0 ',
    // A file is no arena, and neither is what does not touch the guard.
    '7fb568000000-7fb569000000 rw-p 00000000 08:01 99 /usr/lib/libm.so.6',
    '7fb569000000-7fb768000000 ---p 00000000 00:00 0 ',
    '7fc568000000-7fc569000000 rw-p 00000000 00:00 0 ',
    '7fc569001000-7fc768001000 ---p 00000000 00:00 0 ',
  ].join('\n');
  expect(arenasIn(maps)).toEqual([{ start: 0x7fa568000000, end: 0x7fa569000000 }]);
});

test.runIf(process.platform === 'linux')('what a module touches counts, and its room does not', () => {
  const before = readWasmMemory(process.pid) ?? 0;
  const memory = new Memory({ initial: 1024 });
  const bytes = new Uint8Array(memory.buffer);
  const room = readWasmMemory(process.pid)! - before;
  bytes.fill(1, 0, 8 * mebibyte);
  const used = readWasmMemory(process.pid)! - before;
  expect(bytes.length).toBe(64 * mebibyte);
  expect(room).toBeLessThan(mebibyte);
  expect(used - room).toBeGreaterThanOrEqual(8 * mebibyte);
  expect(used - room).toBeLessThan(11 * mebibyte);
});
