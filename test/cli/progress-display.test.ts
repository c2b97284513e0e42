import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgressDisplay } from '../../harness/cli/display/progress-display.js';
import type { RunProgress } from '../../harness/model/run-options.js';

const progress: RunProgress = {
  scenario: 'branch-store/branches',
  runId: '20260131-120000-00abc',
  stage: 'driving',
  round: 3,
  cycles: 880,
  failed: 0,
  cyclesPerSecond: 4_000,
  elapsedMs: 2_000,
  undecided: ['heapUsed'],
  series: [],
};

function displayWith(changes: { quiet?: boolean; interactive?: boolean }) {
  const written: string[] = [];
  const drawn = new PassThrough();
  drawn.on('data', (chunk) => written.push(String(chunk)));
  const controller = new AbortController();
  const clock = { nowMs: 0 };
  const display = createProgressDisplay({
    screen: {
      write: (text) => written.push(text),
      interactive: changes.interactive ?? false,
      width: 80,
      color: false,
    },
    stream: Object.assign(drawn, { columns: 80, rows: 24, isTTY: true }) as unknown as NodeJS.WriteStream,
    quiet: changes.quiet ?? false,
    signal: controller.signal,
    nowMs: () => clock.nowMs,
  });
  const during = (fromMs: number, toMs: number, stepMs: number, restLeftMs?: number) => {
    const shown: RunProgress = restLeftMs === undefined ? progress : { ...progress, stage: 'resting', restLeftMs };
    for (clock.nowMs = fromMs; clock.nowMs < toMs; clock.nowMs += stepMs) display.onProgress?.(shown);
  };
  return { display, controller, written, during };
}

test('without a terminal: a line every 10 seconds, and warnings at once', () => {
  const { display, written, during } = displayWith({});
  during(0, 9_999, 100);
  expect(written).toEqual([]);
  display.onWarning?.('something was left behind');
  during(10_000, 35_000, 100);
  expect(written).toHaveLength(4);
  expect(written[1]).toMatch(/^branch-store\/branches: driving · round 4 · 880 cycles .*\n$/);
});

test('on a terminal: drawn over at most ten times a second', () => {
  const { written, during } = displayWith({ interactive: true });
  during(0, 1_000, 10);
  expect(written.filter((text) => text.includes('●')).length).toBeLessThanOrEqual(10);
  expect(written.join('')).toContain('branch-store/branches');
});

test('an interruption is reported at once, since ending takes a moment; --quiet says nothing at all', () => {
  const { controller, written } = displayWith({});
  controller.abort();
  expect(written).toEqual([expect.stringMatching(/^Interrupted: /)]);
  const quiet = displayWith({ quiet: true });
  quiet.controller.abort();
  quiet.during(0, 60_000, 1_000);
  quiet.display.onWarning?.('something was left behind');
  expect(quiet.written).toEqual([]);
});

test('--quiet on a terminal shows one line while the target rests, and takes it away', () => {
  const { display, written, during } = displayWith({ quiet: true, interactive: true });
  during(0, 60_000, 1_000);
  expect(written.join('')).toBe('');
  during(60_000, 62_000, 100, 41_500);
  const drawn = written.join('');
  expect(drawn.match(/branch-store\/branches: resting · does what grew go by itself\? 42 s to see\n/g)).toHaveLength(1);
  during(62_000, 63_000, 100);
  display.clear();
  expect(written.join('').slice(drawn.length)).not.toContain('branches');
  expect(written.join('').slice(drawn.length)).toContain('\u001b[2K');
});

test('--quiet without a terminal shows no rest either', () => {
  const { written, during } = displayWith({ quiet: true });
  during(0, 60_000, 1_000, 30_000);
  expect(written).toEqual([]);
});
