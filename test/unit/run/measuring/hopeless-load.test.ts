import { expect, test } from 'vitest';
import { hopelessLoad } from '../../../../harness/run/measuring/hopeless-load.js';

const timedOut = {
  operation: 'GET /',
  phase: 'create',
  kind: 'TIMEOUT',
  count: 8,
  message: 'no answer in time',
} as const;

test('a target that never answers is given up after some time, however few requests that are', () => {
  const driven = { cycles: 8, succeeded: 0, failures: [timedOut] };
  expect(hopelessLoad({ ...driven, driveMs: 10_000 }, [])).toBeUndefined();
  expect(hopelessLoad({ ...driven, driveMs: 20_100 }, [])?.message).toContain(
    'none of the first 8 cycles succeeded: 8 times, create of GET / failed with TIMEOUT: no answer in time',
  );
  expect(hopelessLoad({ ...driven, succeeded: 1, driveMs: 60_000 }, [])).toBeUndefined();
});

test.each([
  ['HTTP 401', /--header or --cookie/],
  ['HTTP 403', /--header or --cookie/],
  ['HTTP 429', /--rate/],
  ['HTTP 404', /expectStatus/],
  ['TIMEOUT', /--timeout/],
])('what to do about %s is stated', (kind, advice) => {
  const failures = [{ ...timedOut, kind, count: 36 }];
  const error = hopelessLoad({ cycles: 36, succeeded: 0, driveMs: 500, failures }, []);
  expect(error?.hint).toMatch(advice);
});
