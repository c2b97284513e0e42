import { expect, test } from 'vitest';
import { clockMsPerRound } from '../../../../harness/analyse/next/clock-jumps.js';
import { checkRest } from '../../../../harness/analyse/next/rest-check.js';
import { observedTarget, performed } from '../../../support/planned-target.js';
import { clockOfDays, heapFloor, syntheticRun } from '../../../support/synthetic-run.js';

const noTimers = { hasTimers: false, timersDueMs: undefined, sweepsMs: 0 };

test('timers that are handles are given the time until they fire', () => {
  const run = syntheticRun({
    floors: 60,
    metrics: { handles: ({ cycles }) => cycles, 'handles.Timeout': ({ cycles }) => cycles, heapUsed: heapFloor },
  });
  const restedMs = (timersDueMs: number) => {
    const target = observedTarget({
      run,
      lastFloor: { heapUsed: 6e6 },
      timers: { ...noTimers, hasTimers: true, timersDueMs },
    });
    const startedMs = target.elapsedMs;
    performed(checkRest(target), target, () => undefined);
    return target.elapsedMs - startedMs;
  };
  expect(restedMs(30_000)).toBeGreaterThan(30_000);
  expect(restedMs(3_600_000)).toBeLessThan(10_000);
});

test('timers of a heap that is too large to be counted are given the time until they fire, too', () => {
  const location = { file: '/srv/app/session.js', line: 12 };
  const restedMs = (timer: { readonly dueMs: number; readonly everyMs?: number }) => {
    const armed = { ...timer, count: 13_000, collections: [], place: 'session.js:12', location };
    const run = syntheticRun({
      floors: 60,
      events: [{ event: 'timers', cycles: 13_000, elapsedMs: 5_000, timers: [armed] }],
      metrics: { handles: ({ cycles }) => cycles, 'handles.Timeout': ({ cycles }) => cycles, heapUsed: heapFloor },
    });
    const target = observedTarget({ run, lastFloor: { heapUsed: 80e6 }, timers: undefined });
    const startedMs = target.elapsedMs;
    performed(checkRest(target), target, () => undefined);
    return target.elapsedMs - startedMs;
  };
  expect(restedMs({ dueMs: 30_000 })).toBeGreaterThan(30_000);
  expect(restedMs({ dueMs: 30_000, everyMs: 60_000 })).toBeLessThan(10_000);
  expect(restedMs({ dueMs: 3_600_000 })).toBeLessThan(10_000);
});

test('timers that were armed by those that fired are given their time too, but not without end', () => {
  const run = syntheticRun({
    floors: 60,
    metrics: { handles: ({ cycles }) => cycles, 'handles.Timeout': ({ cycles }) => cycles, heapUsed: heapFloor },
  });
  const restedMs = (dueAfterRest: number | undefined) => {
    const timers = { ...noTimers, hasTimers: true, timersDueMs: 10_000 as number | undefined };
    const target = observedTarget({ run, lastFloor: { heapUsed: 6e6 }, timers });
    const startedMs = target.elapsedMs;
    performed(checkRest(target), target, ({ do: what }) => {
      if (what === 'count') timers.timersDueMs = dueAfterRest;
    });
    return target.elapsedMs - startedMs;
  };
  expect(restedMs(undefined)).toBeLessThan(15_000);
  expect(restedMs(20_000)).toBeGreaterThan(45_000);
  expect(restedMs(20_000)).toBeLessThan(75_000);
});

test('where the clock can be moved on, sweeps are not waited for in real time', () => {
  const run = syntheticRun({ floors: 60, metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor } });
  const lastFloor = { heapUsed: 6e6, tempFiles: run.samples.metrics.get('tempFiles')!.at(-1)! };
  const restedMs = (clockMovedMs: number | undefined) => {
    const timers = { hasTimers: true, timersDueMs: undefined, sweepsMs: 24_000 };
    const target = observedTarget({ run, lastFloor, timers, clockMovedMs });
    const startedMs = target.elapsedMs;
    let files = 13_000;
    performed(checkRest(target, { reloadsMax: 0 }), target, ({ do: what }) => {
      if (what === 'rest' && files > 12_000) files -= 500;
      target.lastFloor = { heapUsed: 6e6, tempFiles: files };
    });
    return target.elapsedMs - startedMs;
  };
  expect(restedMs(undefined)).toBeGreaterThan(24_000);
  expect(restedMs(0)).toBeLessThan(9_000);
});

test('a run whose time ends while the clock moves on has not seen what goes later', () => {
  const run = syntheticRun({ floors: 60, metrics: { tempFiles: ({ cycles }) => cycles, heapUsed: heapFloor } });
  const lastFloor = { heapUsed: 6e6, tempFiles: run.samples.metrics.get('tempFiles')!.at(-1)! };
  const seesAll = (endsAt: string) => {
    const target = observedTarget({ run, lastFloor, timers: { ...noTimers, hasTimers: true }, clockMovedMs: 0 });
    const { found } = performed(checkRest(target), target, ({ do: what }) => {
      if (what === endsAt) target.isOver = true;
    });
    return found;
  };
  expect(seesAll('move-clock')).toBe(false);
  expect(seesAll('never')).toBe(true);
});

test('what grows by the hours of days that were driven is given a further day, in as short steps', () => {
  const { clockMovedMs, movedAtMs } = clockOfDays();
  const run = syntheticRun({
    floors: 120,
    parameters: { virtualTime: true, days: 1 },
    metrics: { clockMovedMs, 'gauge.reports': ({ floor }) => Math.floor(movedAtMs[floor]! / clockMsPerRound) },
  });
  const target = observedTarget({ run, clockMovedMs: movedAtMs.at(-1)! });
  const { experiments } = performed(checkRest(target), target);
  const steps = experiments.flatMap((experiment) => (experiment.do === 'move-clock' ? [experiment.byMs] : []));
  expect(steps.slice(0, 96)).toEqual(Array.from({ length: 96 }, () => clockMsPerRound));
});
