import { expect, test } from 'vitest';
import { endedError } from '../../../harness/target/start-failure.js';

test.each([
  [0, /stays in the foreground/],
  [1, /read its last lines/],
])('what to do about a target that ends with %i before it is ready', (exitCode, advice) => {
  const error = endedError({ exitCode, signal: undefined }, ['started']);
  expect(error.message).toBe(`the target ended before it was ready (exit code ${exitCode}): started`);
  expect(error.hint).toMatch(advice);
});
