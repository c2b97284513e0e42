import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createPairDisplay } from '../../harness/cli/display/pair-display.js';
import type { RunProgress } from '../../harness/model/run-options.js';

const progress: RunProgress = {
  scenario: 'driver',
  runId: '20260131-120000-00abc',
  stage: 'driving',
  round: 3,
  cycles: 880,
  failed: 0,
  cyclesPerSecond: 4_000,
  elapsedMs: 2_000,
  undecided: [],
  series: [],
};

function displayWith({ interactive = false, quiet = false }) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24, isTTY: true });
  stream.on('data', (chunk) => written.push(String(chunk)));
  const clock = { nowMs: 0 };
  const controller = new AbortController();
  const display = createPairDisplay(
    {
      screen: { write: (text) => written.push(text), interactive, width: 80, color: false },
      stream: stream as unknown as NodeJS.WriteStream,
      quiet,
      signal: controller.signal,
      nowMs: () => clock.nowMs,
    },
    { before: 'before main~1', after: 'after main' },
  );
  const tell = (nowMs: number) => {
    clock.nowMs = nowMs;
    display.listeners.before.onProgress?.(progress);
    display.listeners.after.onProgress?.({ ...progress, cycles: 881 });
  };
  return { display, controller, written, tell };
}

test('without a terminal: a line for each side every 10 seconds', () => {
  const { written, tell } = displayWith({});
  for (const nowMs of [0, 5_000, 11_000, 12_000, 22_000]) tell(nowMs);
  expect(written.map((line) => line.split(':', 1)[0])).toEqual([
    'before main~1',
    'after main',
    'before main~1',
    'after main',
  ]);
});

test('on a terminal: both views below each other', () => {
  const { written, tell } = displayWith({ interactive: true });
  tell(0);
  tell(200);
  expect(written.join('')).toMatch(/● before main~1[\s\S]*● after main/);
});

test('an interruption is reported at once; --quiet says nothing at all', () => {
  const loud = displayWith({});
  loud.controller.abort();
  expect(loud.written.join('')).toMatch(/^Interrupted: ending both targets/);
  const quiet = displayWith({ quiet: true, interactive: true });
  quiet.tell(0);
  quiet.display.note('building');
  quiet.controller.abort();
  expect(quiet.written).toEqual([]);
});
