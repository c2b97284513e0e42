import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { PlateauError } from '../../../harness/model/errors.js';
import type { ProcessFacts, Runtime, RuntimeConnection } from '../../../harness/model/runtime.js';
import { identityOf } from '../../../harness/platform/process-identity.js';
import { findProcessTree } from '../../../harness/platform/process-tree.js';
import { openInsideView } from '../../../harness/runtimes/inside-view.js';

/** A shell that starts a `sleep` for each line that it is given. */
async function startTree(
  sleeps: number,
): Promise<{ shell: ChildProcess; addSleep(): Promise<void>; pids(): number[] }> {
  const shell = spawn('sh', ['-c', 'while read line; do sleep 300 & echo started; done'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => {
    process.kill(-shell.pid!, 'SIGKILL');
  });
  const pids = () =>
    findProcessTree(identityOf(shell.pid!)!)
      .filter(({ name, state }) => name === 'sleep' && state !== 'Z')
      .map(({ pid }) => pid);
  const addSleep = async () => {
    const before = pids().length;
    shell.stdin!.write('\n');
    await once(shell.stdout!, 'data');
    // The shell has forked; it executes `sleep` a moment later.
    await expect.poll(() => pids().length).toBe(before + 1);
  };
  for (let index = 0; index < sleeps; index += 1) await addSleep();
  return { shell, addSleep, pids };
}

interface SleepOptions {
  readonly connect?: (facts: ProcessFacts) => Partial<RuntimeConnection>;
}

/** `sleep` as a runtime: each process reports one object. */
function sleepRuntime({ connect }: SleepOptions = {}): { runtime: Runtime; closed: number[] } {
  const closed: number[] = [];
  const runtime: Runtime = {
    name: 'sleep',
    memory: 'manual',
    detect: ({ executable }) => executable?.endsWith('/sleep') === true || executable?.endsWith('/coreutils') === true,
    connect: (facts) =>
      Promise.resolve().then(() => ({
        floor: () => Promise.resolve({ objects: 1 }),
        close: () => {
          closed.push(facts.pid);
          return Promise.resolve();
        },
        ...connect?.(facts),
      })),
  };
  return { runtime, closed };
}

async function open(shell: ChildProcess, runtime: Runtime) {
  const warnings: string[] = [];
  const view = await openInsideView({
    root: identityOf(shell.pid!)!,
    wholeTree: true,
    runId: 'none',
    runtimes: [runtime],
    context: {
      purpose: 'measure',
      directory: '/nowhere',
      url: undefined,
      isStarted: true,
      noteRecording: () => () => undefined,
      lastLines: () => [],
      onLine: () => () => undefined,
      signal: new AbortController().signal,
    },
    warn: (message) => warnings.push(message),
  });
  onTestFinished(() => view.close());
  return { view, warnings };
}

test.runIf(process.platform === 'linux')('values of all processes add up, of those that come later too', async () => {
  const { shell, addSleep } = await startTree(2);
  const { view, warnings } = await open(shell, sleepRuntime().runtime);
  expect(await view.floor()).toEqual({ objects: 2 });
  await addSleep();
  expect(await view.floor()).toEqual({ objects: 3 });
  // The shell that started them is of no runtime that is known here.
  expect(view.recognised()).toEqual({ names: ['sleep'], memory: 'unknown' });
  expect(warnings).toEqual([]);
  expect(view.audit()).toEqual([{ check: 'inside-view:sleep', ok: true, detail: '3 processes were looked into' }]);
});

test.runIf(process.platform === 'linux')('a process that ends between two floors is left out and closed', async () => {
  const { shell, pids } = await startTree(2);
  const { runtime, closed } = sleepRuntime();
  const { view, warnings } = await open(shell, runtime);
  const [first] = pids();
  process.kill(first!, 'SIGKILL');
  await expect.poll(() => pids().length).toBe(1);
  expect(await view.floor()).toEqual({ objects: 1 });
  expect(closed).toEqual([first]);
  expect(warnings).toEqual([]);
});

test.runIf(process.platform === 'linux')('what cannot be connected is said once, with what to do', async () => {
  const { shell } = await startTree(2);
  const connect = () => {
    throw new PlateauError('PLATEAU_NO_INSIDE_VIEW', 'it was started with -I', { hint: 'start it without -I' });
  };
  const { view, warnings } = await open(shell, sleepRuntime({ connect }).runtime);
  expect(await view.floor()).toEqual({});
  expect(warnings).toEqual([
    '`sleep 300` (sleep) is seen from outside only: it was started with -I; start it without -I',
  ]);
  expect(view.audit()).toEqual([{ check: 'probe:inside-view:sleep', ok: false, detail: 'it was started with -I' }]);
});

test.runIf(process.platform === 'linux')('a floor that lacks a living process has no values', async () => {
  const { shell, pids } = await startTree(2);
  let answers = false;
  const silent = pids()[0];
  const connect = ({ pid }: ProcessFacts): Partial<RuntimeConnection> =>
    pid === silent
      ? { floor: () => (answers ? Promise.resolve({ objects: 1 }) : Promise.reject(new Error('no answer'))) }
      : {};
  const { view, warnings } = await open(shell, sleepRuntime({ connect }).runtime);
  expect(await view.floor()).toEqual({});
  answers = true;
  expect(await view.floor()).toEqual({ objects: 2 });
  answers = false;
  await view.floor();
  await view.floor();
  answers = true;
  expect(await view.floor()).toEqual({});
  expect(warnings).toEqual([`process ${silent} (sleep) no longer answers: no answer`]);
});

test.runIf(process.platform === 'linux')('processes that another one covers are not connected', async () => {
  const { shell, pids } = await startTree(2);
  const [parent, worker] = pids();
  const connect = ({ pid }: ProcessFacts): Partial<RuntimeConnection> =>
    pid === parent ? { covers: () => [worker!], floor: () => Promise.resolve({ objects: 10 }) } : {};
  const { view } = await open(shell, sleepRuntime({ connect }).runtime);
  expect(await view.floor()).toEqual({ objects: 10 });
});

test.runIf(process.platform === 'linux')('a metric that one process cannot read is asked for again', async () => {
  const { shell, pids } = await startTree(2);
  const [failing] = pids();
  let failures = 2;
  const floor = () => {
    failures -= 1;
    return Promise.resolve({ objects: 1, heapUsed: failures >= 0 ? Number.NaN : 100 });
  };
  const connect = ({ pid }: ProcessFacts): Partial<RuntimeConnection> =>
    pid === failing ? { floor } : { floor: () => Promise.resolve({ objects: 1, heapUsed: 100 }) };
  const { view } = await open(shell, sleepRuntime({ connect }).runtime);
  expect(await view.floor()).toEqual({ objects: 2, heapUsed: 200 });
  failures = Number.POSITIVE_INFINITY;
  expect(await view.floor()).toEqual({ objects: 2 });
  expect(view.audit()).toContainEqual({
    check: 'inside-view:heapUsed',
    ok: false,
    detail: 'heapUsed could not be read in 1 of 2 processes and had no sum at 1 of 2 floors',
  });
});

test.runIf(process.platform === 'linux')(
  'a metric that no process can read is left to be judged from outside',
  async () => {
    const { shell } = await startTree(2);
    const connect = () => ({ floor: () => Promise.resolve({ objects: 1, heapUsed: Number.NaN }) });
    const { view } = await open(shell, sleepRuntime({ connect }).runtime);
    expect(await view.floor()).toEqual({ objects: 2 });
    expect(view.audit()).toContainEqual(expect.objectContaining({ check: 'inside-view:heapUsed', ok: true }));
  },
);
