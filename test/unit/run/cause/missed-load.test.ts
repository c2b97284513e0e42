import { expect, test } from 'vitest';
import { MissedLoad } from '../../../../harness/run/cause/missed-load.js';
import type { OutsideProbe } from '../../../../harness/sample/outside/outside-probe.js';
import { findingWith } from '../../../support/record-with.js';

const measured = { cycles: 6_000, rounds: 40, driveMs: 60_000, targetCpuMs: 6_000 };
const slope = { estimate: 1_000, low: 990, high: 1_010, unit: 'B/cycle' };
const leaking = [findingWith({ metric: 'heapUsed', verdict: 'leak', shape: 'linear', slope })];

/** A pass of 1,000 cycles that used `cpuMs` in all, and what its heap came to. */
function warningOf(cpuMs: number, bytesOf: (cycles: number) => number, findings = leaking) {
  const probe = { watchCpu: () => () => ({ targetMs: cpuMs }) } as unknown as OutsideProbe;
  const missed = new MissedLoad(probe, measured);
  missed.watchRound()(1_000);
  const rounds = [0, 250, 500, 750, 1_000].map((cycles) => ({ cycles, values: { heapUsed: bytesOf(cycles) } }));
  return missed.warning(findings, rounds);
}

const rests = () => 5e6;

test('a target that uses little CPU and grows by nothing was not driven', () => {
  expect(warningOf(50, rests)).toContain(
    'its cycles did not reach it (50 ms of CPU, 1000 ms for as many in the first)',
  );
  expect(warningOf(900, rests)).toBeUndefined();
});

test('early cycles of a leak that make each other dearer are cheap, and grow what leaks', () => {
  expect(warningOf(50, (cycles) => 5e6 + 1_000 * cycles)).toBeUndefined();
  const accelerating = [findingWith({ metric: 'heapUsed', verdict: 'leak', shape: 'accelerating', slope })];
  expect(warningOf(50, (cycles) => 5e6 + 50 * cycles, accelerating)).toBeUndefined();
});

test('what grows is also known from the places where a runtime shows it', () => {
  const probe = { watchCpu: () => () => ({ targetMs: 50 }) } as unknown as OutsideProbe;
  const missed = new MissedLoad(probe, measured);
  missed.watchRound()(1_000);
  const roundsOf = (perCycle: number) =>
    [0, 250, 500, 750, 1_000].map((cycles) => {
      const site = { key: 'keys', kind: 'retainer', what: 'keys', count: 1, stack: [] } as const;
      const sites = [{ ...site, live: { heapUsed: perCycle * cycles } }];
      return { cycles, values: {}, runtime: { sites, holders: [], warnings: [] } };
    });
  expect(missed.warning(leaking, roundsOf(1_000))).toBeUndefined();
  expect(missed.warning(leaking, roundsOf(0))).toContain('did not reach it');
});

test('what an idle target grows by is no sign of cycles', () => {
  expect(warningOf(50, (cycles) => 5e6 + 20 * cycles)).toContain('did not reach it');
});
