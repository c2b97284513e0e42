import { expect, test } from 'vitest';
import { VirtualClock } from '../../../../harness/platform/clock.js';
import { VirtualDays } from '../../../../harness/run/measuring/virtual-days.js';

const hourMs = 3_600_000;

/** Days of a target that starts at midnight, local time. */
function daysOf(days: number, hourlyLoad?: readonly number[]) {
  const targetClock = {
    movedMs: 0,
    firedByMs: {} as Record<string, number>,
    moveOn: async (byMs: number) => {
      const before = Math.floor(targetClock.movedMs / hourMs);
      targetClock.movedMs += byMs;
      const fired = Math.floor(targetClock.movedMs / hourMs) - before;
      targetClock.firedByMs[hourMs] = (targetClock.firedByMs[hourMs] ?? 0) + fired;
    },
  };
  const clock = new VirtualClock(new Date(2026, 0, 31).getTime());
  const virtual = VirtualDays.of({
    session: { clock: targetClock },
    parameters: { days },
    seed: 41,
    clock,
    hourlyLoad,
  })!;
  const audited: { ok: boolean; detail: string }[] = [];
  const audit = () => virtual.audit({ audit: (_, ok, detail) => void audited.push({ ok, detail }) });
  return { virtual, targetClock, audited, audit };
}

test('rounds of about a quarter of an hour go through the whole of each day, and no further', async () => {
  const { virtual, targetClock, audited, audit } = daysOf(2);
  let rounds = 0;
  const lengths = new Set<number>();
  while (!virtual.areOver) {
    const before = targetClock.movedMs;
    await virtual.goOn(rounds);
    lengths.add(targetClock.movedMs - before);
    rounds += 1;
  }
  expect(targetClock.movedMs).toBe(48 * hourMs);
  expect(rounds).toBeGreaterThan(170);
  expect(rounds).toBeLessThan(215);
  expect(lengths.size).toBeGreaterThan(100);
  audit();
  expect(audited).toEqual([{ ok: true, detail: "2 days of the target's clock went by; timers fired: 48 of 1 h" }]);
});

test('a day that was cut short is not taken for one', async () => {
  const { virtual, audited, audit } = daysOf(1);
  for (let round = 0; round < 20; round += 1) await virtual.goOn(round);
  audit();
  expect(audited[0]).toMatchObject({ ok: false, detail: expect.stringMatching(/^only \d.* h of 24 h .*--duration/) });
});

test('each hour of the target has its load, whose mean over a day is one', async () => {
  const { virtual, targetClock } = daysOf(1);
  const loads: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    targetClock.movedMs = hour * hourMs;
    loads.push(virtual.load);
  }
  expect(loads.reduce((sum, load) => sum + load, 0) / 24).toBeCloseTo(1, 6);
  expect(loads.indexOf(Math.min(...loads))).toBe(4);
  expect(loads[16]! / loads[4]!).toBeCloseTo(7, 6);
  const own = daysOf(
    1,
    Array.from({ length: 24 }, (_, hour) => (hour === 9 ? 12 : 0)),
  );
  own.targetClock.movedMs = 9.5 * hourMs;
  expect(own.virtual.load).toBe(24);
  own.targetClock.movedMs = 11 * hourMs;
  expect(own.virtual.load).toBe(0);
});

test.each([
  ['Asia/Tokyo', 9],
  ['America/New_York', 19],
])('hours are those of the target, in %s', (timeZone, hour) => {
  const hourlyLoad = Array.from({ length: 24 }, (_, index) => (index === hour ? 24 : 0));
  const session = { clock: { movedMs: 0, timeZone, moveOn: async () => undefined } };
  const clock = new VirtualClock(Date.UTC(2026, 0, 31));
  expect(VirtualDays.of({ session, parameters: { days: 1 }, seed: 41, clock, hourlyLoad })!.load).toBe(24);
});

test('a time zone that is not known is that of plateau', () => {
  const session = { clock: { movedMs: 0, timeZone: ':/etc/localtime', moveOn: async () => undefined } };
  const clock = new VirtualClock(new Date(2026, 0, 31, 16).getTime());
  const { load } = VirtualDays.of({ session, parameters: { days: 1 }, seed: 41, clock })!;
  expect(load).toBeCloseTo(1.75, 6);
});

test('without days nothing goes by', () => {
  const clock = new VirtualClock();
  const session = { clock: { movedMs: 0, moveOn: async () => undefined } };
  expect(VirtualDays.of({ session, parameters: {}, seed: 1, clock })).toBeUndefined();
});
