import { describe, expect, it } from 'vitest';
import { runOptionsOf } from '../../../../harness/cli/options/run-flags.js';

const sharesOf = (flags: Pick<Parameters<typeof runOptionsOf>[0], 'fault' | 'faults'>) =>
  runOptionsOf({ out: '.plateau', ...flags } as Parameters<typeof runOptionsOf>[0]).faults ?? {};
const sum = (shares: object) => Object.values(shares).reduce((total: number, share: number) => total + share, 0);

describe('shares of faults', () => {
  it('are as given', () => {
    expect(sharesOf({ fault: [{ name: 'abort', share: 0.3 }] })).toEqual({ abort: 0.3 });
    expect(sharesOf({})).toEqual({});
  });

  it('are alike for all of a client, and as large as what is left undisturbed', () => {
    const shares = sharesOf({ faults: 'all' });
    expect(new Set(Object.values(shares)).size).toBe(1);
    expect(1 - sum(shares)).toBeCloseTo(shares.abort!);
    expect(String(shares.abort).length).toBeLessThan('0.12345'.length);
  });

  it('leave as much undisturbed beside faults with shares of their own, however many those are', () => {
    const names = ['upstream-refuse', 'upstream-reset', 'upstream-delay', 'upstream-stall', 'upstream-cut'] as const;
    const shares = sharesOf({ faults: 'all', fault: names.map((name) => ({ name, share: 0.1 })) });
    expect(shares).toMatchObject({ 'upstream-cut': 0.1 });
    expect(1 - sum(shares)).toBeCloseTo(shares.abort!);
  });
});
