import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../../harness/model/run-options.js';
import { progressLine, progressView } from '../../../../reporters/index.js';

const progress: RunProgress = {
  scenario: 'branch-store/branches',
  runId: '20261121-071502-7f3a9c',
  stage: 'driving',
  round: 13,
  cycles: 3_210,
  failed: 2,
  cyclesPerSecond: 412.3,
  elapsedMs: 8_123,
  cyclesWanted: 5_300,
  undecided: ['external', 'heapUsed'],
  series: [
    { metric: 'fds', unit: 'fds', floors: [12, 12, 12, 13, 12] },
    { metric: 'fds.file', unit: 'fds', floors: [4, 5, 6], slope: { estimate: 0, low: -1, high: 1, unit: 'fds/cycle' } },
    {
      metric: 'gauge.commitLocks',
      unit: 'entries',
      floors: Array.from({ length: 40 }, (_, index) => index * 220),
      slope: { estimate: 1, low: 1, high: 1, unit: 'entries/cycle' },
    },
    {
      metric: 'heapUsed',
      unit: 'B',
      floors: Array.from({ length: 40 }, (_, index) => 6e6 + index * 294_800 + ((index * 7_919) % 13) * 9_000),
      slope: { estimate: 1_340, low: 1_210, high: 1_470, unit: 'B/cycle' },
    },
    {
      metric: 'external',
      unit: 'B',
      floors: [2_000_000, 2_000_090],
      slope: { estimate: 0.3, low: -4, high: 4.6, unit: 'B/cycle' },
    },
    { metric: 'threads', unit: 'threads', floors: [11, 11, 11] },
  ],
};

describe('progress view', () => {
  for (const width of [40, 60, 80, 110])
    it(`fits ${width} columns`, async () => {
      const view = progressView(progress, { width });
      await expect(`${view}\n`).toMatchFileSnapshot(`golden/progress-${width}.txt`);
      for (const line of view.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
    });

  it('shows what is undecided first, then what grows, and no breakdown beside its whole', () => {
    const names = progressView(progress, { width: 110 })
      .split('\n')
      .map((line) => line.trim().split(' ')[0]);
    expect(names.slice(1, 5)).toEqual(['heapUsed', 'external', 'gauge.commitLocks', 'fds']);
    expect(names).not.toContain('fds.file');
    expect(names).not.toContain('threads');
  });

  it('says how long a target rests instead of how far the verdict is', () => {
    const { cyclesWanted: _, ...driven } = progress;
    const resting: RunProgress = { ...driven, stage: 'resting', restLeftMs: 11_400 };
    expect(progressView(resting, { width: 80 }).split('\n').at(-1)).toBe('  does what grew go by itself? 12 s to see');
    expect(progressLine(resting)).toContain('does what grew go by itself? 12 s to see');
  });

  it('says nothing of a verdict while none can be foreseen', () => {
    const { cyclesWanted, ...unknown } = progress;
    expect(cyclesWanted).toBe(5_300);
    expect(progressView(unknown, { width: 80 })).not.toContain('verdict');
  });

  it('does not promise less than nothing', () => {
    expect(progressView({ ...progress, cycles: 9_000, cyclesPerSecond: 0 }, { width: 80 })).toContain('nearly decided');
  });

  it('lets nothing from a target act on the terminal', () => {
    const evil = {
      ...progress,
      scenario: 'a\u001b[2J\nb',
      series: [{ metric: 'gauge.\u001b]0;x\u0007y', unit: 'B\u009b', floors: [1, 2] }],
    };
    expect(progressView(evil, { width: 110 })).not.toMatch(/[^\P{C}\n]/u);
    expect(progressLine(evil)).not.toMatch(/\p{C}/u);
  });
});

describe('progress line', () => {
  it('is one plain line', () => {
    expect(progressLine(progress)).toMatchInlineSnapshot(
      `"branch-store/branches: driving · round 14 · 3,210 cycles · 2 failed · 412/s · 8.1 s · growing: gauge.commitLocks, heapUsed · verdict at about 5,300 cycles"`,
    );
  });
});
