import { expect, test } from 'vitest';
import { CpuAllowance } from '../../../../harness/cli/ui/cpu-allowance.js';

test('the first work follows at once, later work as the share of a core allows', () => {
  const allowance = new CpuAllowance(1 / 200, 3_000);
  const waits = Array.from({ length: 4 }, () => allowance.spend(1_000, 0));
  expect(waits).toEqual([0, 0, 0, 200_000]);
  expect(allowance.spend(1_000, 200_000)).toBe(200_000);
});

test('time without work gives back no more than was there at first', () => {
  const allowance = new CpuAllowance(1 / 200, 3_000);
  allowance.spend(3_000, 0);
  expect(allowance.spend(0, 10_000_000)).toBe(0);
  expect(allowance.spend(4_000, 0)).toBe(200_000);
});
