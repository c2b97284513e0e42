import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TaskSet } from '../../../../scenarios/mesh/target/actors/task-set.js';
import type { Tasks } from '../../../../scenarios/mesh/target/actors/tasks.js';
import { DetachedTasks } from '../../../../scenarios/mesh/target/defects/detached-tasks.js';

const running = ({ spawned, finished }: Tasks) => spawned - finished;
const untilAborted = async (signal: AbortSignal) => void (await once(signal, 'abort'));

test('a task that is cancelled ends, one that runs out of time does too', async () => {
  const tasks = new TaskSet();
  const cancelled = tasks.spawn(untilAborted);
  const late = tasks.spawn(untilAborted, { timeoutMs: 1 });
  expect(running(tasks)).toBe(2);
  cancelled.cancel();
  await Promise.all([cancelled.finished, late.finished]);
  expect(running(tasks)).toBe(0);
});

test('closing ends all that run, those that fail included', async () => {
  const tasks = new TaskSet();
  tasks.spawn(untilAborted);
  tasks.spawn(async (signal) => {
    await untilAborted(signal);
    throw new Error('after all');
  });
  await tasks.close();
  expect(tasks).toMatchObject({ spawned: 2, finished: 2 });
});

test('detached tasks hear of nothing: neither of a cancel nor of the end', async () => {
  const tasks = new DetachedTasks();
  const task = tasks.spawn(untilAborted);
  task.cancel();
  await tasks.close();
  expect(running(tasks)).toBe(1);
  await tasks.spawn(async () => undefined).finished;
  expect(running(tasks)).toBe(1);
});
