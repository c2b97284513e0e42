import { describe, expect, it } from 'vitest';
import { RoundSizer } from '../../../../harness/run/measuring/round-sizer.js';

function afterRounds(sizer: RoundSizer, rounds: number, msPerCycle: number): RoundSizer {
  for (let round = 0; round < rounds; round += 1) sizer.observe(sizer.meanCycles, sizer.meanCycles * msPerCycle);
  return sizer;
}

describe('RoundSizer', () => {
  it('keeps rounds short for slow cycles and bounded for fast ones', () => {
    expect(afterRounds(new RoundSizer('auto', 1), 20, 10).meanCycles).toBe(6);
    expect(afterRounds(new RoundSizer('auto', 1), 20, 0.001).meanCycles).toBe(400);
    expect(afterRounds(new RoundSizer('auto', 1), 20, 100_000).meanCycles).toBe(2);
  });

  it('drives more of fast cycles once the heap was seen not to fall, and no more where it falls', () => {
    const withHeap = (heapBytesAt: (round: number) => number) => {
      const sizer = new RoundSizer('auto', 1);
      for (let round = 0; round < 20; round += 1)
        sizer.observe(sizer.meanCycles, sizer.meanCycles * 0.001, 0, heapBytesAt(round));
      return sizer.meanCycles;
    };
    expect(withHeap((round) => 5_000_000 + 40_000 * round)).toBe(2_000);
    expect(withHeap((round) => 5_000_000 - (round < 4 ? 40_000 * round : 0))).toBe(2_000);
    expect(withHeap((round) => 5_000_000 + 40_000 * (round % 3))).toBe(400);
  });

  const settledIn = (settleMs: number, msPerCycle = 10) => {
    const sizer = new RoundSizer('auto', 1);
    for (let round = 0; round < 20; round += 1)
      sizer.observe(sizer.meanCycles, sizer.meanCycles * msPerCycle, settleMs);
    return sizer.meanCycles;
  };

  it('lasts as long as settling does, within bounds', () => {
    expect([settledIn(5), settledIn(200), settledIn(400)]).toEqual([6, 20, 30]);
  });

  it('lasts half as long as a floor that takes seconds, and has as many more cycles', () => {
    expect([settledIn(2_000), settledIn(5_000)]).toEqual([100, 250]);
    expect([settledIn(300, 0.001), settledIn(3_000, 0.001)]).toEqual([400, 2_000]);
  });

  it('never drives fewer cycles than are to be under way', () => {
    expect(afterRounds(new RoundSizer('auto', 50), 20, 10).meanCycles).toBe(50);
  });

  it('doubles after sixty floors and again after each thirty, until rounds last a minute', () => {
    const sizer = afterRounds(new RoundSizer('auto', 1), 59, 0.5);
    expect(sizer.meanCycles).toBe(120);
    expect(afterRounds(sizer, 1, 0.5).meanCycles).toBe(240);
    expect(afterRounds(sizer, 30, 0.5).meanCycles).toBe(480);
    expect(afterRounds(sizer, 30 * 20, 0.5).meanCycles).toBeLessThanOrEqual(120_000);
  });

  it('keeps to a size that was asked for until the run is long', () => {
    const sizer = afterRounds(new RoundSizer(1_000, 1), 40, 0.001);
    sizer.shrink();
    sizer.restart(150);
    expect(sizer.meanCycles).toBe(1_000);
  });

  it('shrinks for good', () => {
    const sizer = afterRounds(new RoundSizer('auto', 1), 3, 0.01);
    sizer.shrink();
    const shrunk = sizer.meanCycles;
    expect(afterRounds(sizer, 3, 0.01).meanCycles).toBe(shrunk);
    expect(afterRounds(sizer, 100, 0.01).meanCycles).toBe(shrunk);
  });
});
