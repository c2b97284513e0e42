import { describe, expect, it } from 'vitest';
import { CallSizer } from '../../../../harness/run/attached/call-sizer.js';

/** Drives thirty rounds of a function that takes so long and keeps so much. */
function afterRounds({ msPerCycle, bytesPerCycle }: { msPerCycle: number; bytesPerCycle: number }) {
  const sizer = new CallSizer();
  let cycles = 0;
  for (let round = 0; round < 30; round += 1) {
    const mean = sizer.meanCycles;
    cycles += mean;
    sizer.observe(mean, mean * msPerCycle, 50, 8_000_000 + cycles * bytesPerCycle);
  }
  return { sizer, cycles };
}

describe('CallSizer', () => {
  it('drives beyond what a cache may hold within thirty rounds of a fast function', () => {
    expect(afterRounds({ msPerCycle: 0.0005, bytesPerCycle: 64 }).cycles).toBeGreaterThan(50_000);
  });

  it('keeps rounds of a slow function short', () => {
    expect(afterRounds({ msPerCycle: 20, bytesPerCycle: 0 }).sizer.meanCycles).toBe(3);
  });

  it('lets a large leak take no more than some dozen MiB', () => {
    const { cycles } = afterRounds({ msPerCycle: 0.001, bytesPerCycle: 10_240 });
    expect(cycles * 10_240).toBeLessThan(64 * 1024 * 1024);
  });

  it('doubles the cycles of a large leak within thirty rounds, before which none is decided', () => {
    const sizer = new CallSizer();
    const cyclesBy: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      const mean = sizer.meanCycles;
      cyclesBy.push((cyclesBy.at(-1) ?? 0) + mean);
      sizer.observe(mean, mean * 0.001, 50, 8_000_000 + cyclesBy.at(-1)! * 10_240);
    }
    expect(cyclesBy[29]! / cyclesBy[11]!).toBeGreaterThan(2);
  });

  it('halves rounds where memory is tight, and keeps them so', () => {
    const { sizer } = afterRounds({ msPerCycle: 0.001, bytesPerCycle: 0 });
    const before = sizer.meanCycles;
    sizer.shrink();
    sizer.observe(before / 2, 1, 50, 8_000_000);
    expect(sizer.meanCycles).toBe(before / 2);
  });
});
