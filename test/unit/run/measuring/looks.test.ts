import { expect, test } from 'vitest';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { driveUntilKnown } from '../../../../harness/run/measuring/looks.js';

/** A pass that is driven for some rounds, and what was asked of it at its end. */
function drivenFor(rounds: number) {
  const finished: unknown[] = [];
  let driven = 0;
  const pass = {
    ended: false,
    decided: false,
    get mayGoOn() {
      return driven < rounds;
    },
    attempt: (step: () => Promise<void>) => step(),
    begin: () => Promise.resolve(),
    round: async () => {
      driven += 1;
    },
    finish: (options: unknown) => Promise.resolve(void finished.push(options)),
    soFar: () => ({}) as StoredRun,
  };
  return { pass, finished, driven: () => driven };
}

const heap = { counted: false };
const objects = { counted: true };

test('looks share the error rate, and the first that decides ends the drive', async () => {
  const { pass, finished, driven } = drivenFor(100);
  const rates: number[] = [];
  const judge = (_run: StoredRun, _metric: typeof heap, errorRate: number) => {
    rates.push(errorRate);
    return { state: rates.length === 3 ? ('grows' as const) : ('undecided' as const) };
  };
  const outcome = await driveUntilKnown(pass, { errorRate: 0.12, metricOf: () => heap, judge });
  expect(outcome).toEqual({ metric: heap, verdict: { state: 'grows' } });
  expect(rates.map((rate) => Number(rate.toFixed(6)))).toEqual([0.06, 0.02, 0.01]);
  // Looks at 12 floors, 12 × 1.3 and 16 × 1.3.
  expect(driven()).toBe(21);
  expect(finished).toEqual([{ census: false, rest: false }]);
});

test('what the census alone shows is judged once, after it, with the whole error rate', async () => {
  const { pass, finished } = drivenFor(40);
  const rates: [number, number][] = [];
  const judge = (_run: StoredRun, _metric: typeof objects, errorRate: number) => {
    rates.push([errorRate, finished.length]);
    return { state: 'grows' as const };
  };
  const outcome = await driveUntilKnown(pass, { errorRate: 0.12, metricOf: () => objects, judge });
  expect(outcome.verdict.state).toBe('grows');
  expect(rates).toEqual([[0.12, 1]]);
  expect(finished).toEqual([{ census: true, rest: false }]);
});

test('a run that is over before its first look is looked at with what it has, from eight floors on', async () => {
  const rates: number[] = [];
  const judge = (_run: StoredRun, _metric: typeof heap, errorRate: number) => {
    rates.push(errorRate);
    return { state: 'grows' as const };
  };
  const late = await driveUntilKnown(drivenFor(9).pass, { errorRate: 0.1, metricOf: () => heap, judge });
  expect(late.verdict.state).toBe('grows');
  expect(rates).toEqual([0.05]);
});

test('a run whose time is over between two looks is looked at once more, with all that it has', async () => {
  const { pass, driven } = drivenFor(27);
  const seen: number[] = [];
  const judge = () => {
    seen.push(driven());
    return { state: seen.at(-1) === 27 ? ('grows' as const) : ('undecided' as const) };
  };
  const outcome = await driveUntilKnown(pass, { errorRate: 0.1, metricOf: () => heap, judge });
  expect(seen).toEqual([12, 16, 21, 27]);
  expect(outcome.verdict.state).toBe('grows');
});

test('a run that is over before its first look has its metric all the same', async () => {
  const { pass } = drivenFor(5);
  const judge = () => ({ state: 'grows' as const });
  const outcome = await driveUntilKnown(pass, { errorRate: 0.1, metricOf: () => heap, judge });
  expect(outcome).toEqual({ metric: heap, verdict: { state: 'undecided' } });
});

test('where nothing in a run can decide, no further round is driven', async () => {
  const { pass, driven } = drivenFor(100);
  const judge = () => ({ state: 'grows' as const });
  const outcome = await driveUntilKnown(pass, { errorRate: 0.1, metricOf: () => undefined, judge });
  expect(outcome).toEqual({ metric: undefined, verdict: { state: 'undecided' } });
  expect(driven()).toBe(12);
});
