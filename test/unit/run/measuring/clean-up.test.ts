import { expect, test } from 'vitest';
import { CleanUp } from '../../../../harness/run/measuring/clean-up.js';

test('everything is undone once, the latest first, whatever fails', async () => {
  const done: string[] = [];
  const warnings: string[] = [];
  const cleanUp = new CleanUp();
  cleanUp.push(() => done.push('directory'));
  cleanUp.push(() => Promise.reject(new Error('the process is gone')));
  cleanUp.push(() => done.push('client'));
  await cleanUp.run((message) => warnings.push(message));
  await cleanUp.run((message) => warnings.push(message));
  expect(done).toEqual(['client', 'directory']);
  expect(warnings).toEqual(['cleaning up failed: the process is gone']);
});
