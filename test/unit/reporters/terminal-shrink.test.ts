import { expect, test } from 'vitest';
import type { ShrinkResult } from '../../../harness/model/shrink.js';
import { terminalShrink } from '../../../reporters/terminal/shrink.js';

const slope = { estimate: 64, low: 63, high: 65, unit: 'B/cycle' };
const whole = { operations: ['add', 'find'], inputs: 'all', concurrency: 4 } as const;
const titleOf = (part: Partial<ShrinkResult>) =>
  terminalShrink({
    schemaVersion: 1,
    run: '20260131-120000-abcde',
    scenario: 'shop',
    outcome: 'smaller',
    reason: '',
    metric: 'heapUsed',
    rate: slope,
    whole,
    inputs: 256,
    loop: whole,
    confirmed: { runId: '20260131-120100-abcde', slope },
    trials: [],
    elapsedMs: 60_000,
    seed: 1,
    ...part,
  }).split('\n')[0]!;

test('a search whose time was over says whether it came to anything', () => {
  expect(titleOf({})).toContain('shop no smaller loop was found; the time was over');
  for (const loop of [
    { ...whole, operations: ['add'] },
    { ...whole, inputs: [0] },
    { ...whole, concurrency: 1 },
  ])
    expect(titleOf({ loop })).toContain('shop a smaller loop that leaks; the time was over');
  expect(titleOf({ outcome: 'smallest', loop: whole })).toContain('shop the smallest loop that leaks');
});
