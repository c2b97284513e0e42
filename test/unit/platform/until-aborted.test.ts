import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { untilAborted } from '../../../harness/platform/until-aborted.js';

test('work that ends first gives its result, and nothing listens to the signal any more', async () => {
  const { signal } = new AbortController();
  await expect(untilAborted(Promise.resolve(7), signal)).resolves.toBe(7);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('work that fails first passes its error on', async () => {
  const failing = Promise.reject(new Error('no heap'));
  await expect(untilAborted(failing, new AbortController().signal)).rejects.toThrow('no heap');
});

test('an abort does not wait for the work', async () => {
  const stop = new AbortController();
  const waiting = untilAborted(new Promise<never>(() => undefined), stop.signal);
  stop.abort(new Error('the time is over'));
  await expect(waiting).rejects.toThrow('the time is over');
});

test('a signal that was aborted before rejects at once, and the failure of the work is dropped', async () => {
  const failing = Promise.reject(new Error('no heap'));
  await expect(untilAborted(failing, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
});
