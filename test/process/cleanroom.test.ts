import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type BuiltInTarget, builtScenario, startBuiltIn } from '../support/built-in-target.js';

async function drive(target: BuiltInTarget, count: number, concurrency = 1): Promise<void> {
  const outcome = await target.drive(count, { concurrency });
  expect(outcome.failures).toEqual([]);
}

/** Growth of a reading over some cycles after as many others, per cycle. */
async function growth(
  name: string,
  defects: readonly string[],
  cycles: number,
  read: (target: BuiltInTarget) => number | Promise<number>,
): Promise<number> {
  const target = await startBuiltIn(`cleanroom/${name}`, defects);
  await drive(target, cycles);
  const before = await read(target);
  await drive(target, cycles);
  return ((await read(target)) - before) / cycles;
}

const gauge = (name: string) => async (target: BuiltInTarget) => (await target.floor()).gauges[name]!;
const threads = async (target: BuiltInTarget) => (await target.floor()).threads;

test.each([
  ['guards', 'container-guard-detached', 'registered', 0.2, 50],
  ['guards', 'health-guard-detached', 'registered', 0.2, 50],
  ['guards', 'resource-guard-detached', 'registered', 0.2, 50],
  ['guards', 'fix-that-does-nothing', 'registered', 3, 50],
  ['guard-runners', 'exit-drops-cleanups', 'registered', 21, 3],
  ['emergency', 'emergency-stops-only', 'volumes', 4, 6],
  ['monitors', 'monitors-never-cleared', 'monitors', 1, 50],
  ['environments', 'environment-retained', 'environments', 0.2, 50],
  ['environments', 'metrics-loop-survives', 'metricsLoops', 1, 50],
])('%s with %s: gauge %s grows by exactly %d a cycle', async (name, defect, metric, perCycle, cycles) => {
  expect(await growth(name, [defect], cycles, gauge(metric))).toBe(perCycle);
  const declared = (await builtScenario(`cleanroom/${name}`)).defects?.[defect]?.expect;
  expect(declared).toMatchObject({ verdict: 'leak', metric: `gauge.${metric}`, perCycle });
});

test.each([
  ['containers', 'stop-unverified', 'children', 0.2, 20, countContainers],
  ['exit-paths', 'throw-before-registration', 'children', 0.1, 20, countContainers],
  ['runners', 'session-guard-detached', 'children', 2, 3, countContainers],
  ['interrupted-runners', 'crash-drops-cleanups', 'children', 0.5, 4, countContainers],
  ['interrupted-runners', 'sigterm-drops-cleanups', 'children', 0.5, 4, countContainers],
  ['subsystems', 'untracked-executor', 'threads', 1, 5, threads],
  ['temp-files', 'coverage-kept', 'tempFiles', 1, 50, countFiles],
  ['temp-files', 'artifacts-kept', 'tempFiles', 3, 50, countFiles],
] as const)('%s with %s: %s grow by exactly %d a cycle', async (name, defect, metric, perCycle, cycles, read) => {
  expect(await growth(name, [defect], cycles, read)).toBe(perCycle);
  const declared = (await builtScenario(`cleanroom/${name}`)).defects?.[defect]?.expect;
  expect(declared).toMatchObject({ verdict: 'leak', metric, perCycle });
});

test.each([
  ['guards', undefined, 40],
  ['calm-guards', undefined, 40],
  ['calm-guards', 'container-guard-detached', 40],
  ['containers', undefined, 20],
  ['obedient-containers', 'stop-unverified', 20],
  ['docker-containers', undefined, 20],
  ['sessions', undefined, 10],
  ['sessions', 'session-guard-detached', 10],
  ['runners', undefined, 4],
  ['guard-runners', undefined, 4],
  ['interrupted-runners', undefined, 4],
  ['emergency', undefined, 10],
  ['exit-paths', undefined, 30],
  ['monitors', undefined, 40],
  ['environments', undefined, 40],
  ['temp-files', undefined, 40],
  ['locks', undefined, 80],
  ['subsystems', undefined, 5],
])(
  '%s with defect %s: everything is back where it was, and nothing is left at the end',
  async (name, defect, cycles) => {
    const target = await startBuiltIn(`cleanroom/${name}`, defect === undefined ? [] : [defect]);
    await drive(target, cycles);
    const before = await everything(target);
    await drive(target, cycles, 4);
    expect(await everything(target)).toEqual(before);
    await target.stop();
    expect(countContainers(target)).toBe(0);
    expect(countFiles(target)).toBe(0);
  },
);

test('monitor-abort-lags: what lingers is gone at the next tick', async () => {
  const target = await startBuiltIn('cleanroom/monitors', ['monitor-abort-lags']);
  await drive(target, 20);
  expect((await target.floor()).gauges.monitors).toBe(20);
  await expect.poll(async () => (await target.floor()).gauges.monitors, { timeout: 10_000 }).toBe(0);
});

test.each([
  ['runners', 'session-guard-detached', 3],
  ['containers', 'stop-unverified', 20],
  ['exit-paths', 'throw-before-registration', 20],
])('SIGTERM in the middle of %s with %s ends the service and every container', async (name, defect, cycles) => {
  const target = await startBuiltIn(`cleanroom/${name}`, [defect]);
  await drive(target, cycles);
  expect(countContainers(target)).toBeGreaterThan(0);
  const driven = target.drive(1_000).catch((error: unknown) => error);
  expect(await target.stop()).toBe(0);
  await driven;
  expect(countContainers(target)).toBe(0);
});

test('emergency-ignores-run: a clean-up after one run ends the containers of another', async () => {
  const target = await startBuiltIn('cleanroom/emergency', ['emergency-ignores-run']);
  const { failures } = await target.drive(2);
  expect(failures).toMatchObject([{ phase: 'destroy', count: 2 }]);
  expect(failures[0]!.message).toContain('ended a container of another run');
});

test('fix-that-hangs: the service answers nobody any more, and only SIGKILL ends it', async () => {
  const target = await startBuiltIn('cleanroom/guards', ['fix-that-hangs']);
  const { id } = (await target.http.post('/fixtures', {})).json<{ id: number }>();
  const request = target.http.delete(`/fixtures/${id}`, { timeoutMs: 1_500 });
  await expect(request).rejects.toThrow();
  await expect(target.http.request('GET', '/stats', { timeoutMs: 1_500 })).rejects.toThrow();
  target.process.kill('SIGKILL');
});

test('lock-order: crossing transfers wait for each other for ever', async () => {
  const target = await startBuiltIn('cleanroom/locks', ['lock-order']);
  const transfers = Array.from({ length: 16 }, (_, number) =>
    target.http.post('/transfers', { from: number % 2, to: 1 - (number % 2), amount: 1 }, { timeoutMs: 1_500 }),
  );
  const outcomes = await Promise.allSettled(transfers);
  expect(outcomes.at(-1)?.status).toBe('rejected');
  const { heldLocks, waitingForLocks } = (await target.floor()).gauges;
  expect(heldLocks).toBe(2);
  expect(waitingForLocks).toBeGreaterThanOrEqual(2);
});

test('defects planted together show together', async () => {
  const target = await startBuiltIn('cleanroom/guards', ['container-guard-detached', 'health-guard-detached']);
  await drive(target, 20);
  expect((await target.floor()).gauges.registered).toBe(8);
});

test('docker-containers: by Docker where a daemon answers, else by processes, with the reason', async () => {
  const target = await startBuiltIn('cleanroom/docker-containers');
  const { kind, reason } = (await target.http.get('/runtime')).json<{ kind: string; reason?: string }>();
  expect(kind === 'docker' || (kind === 'process' && (reason?.length ?? 0) > 0)).toBe(true);
});

test('a container is a process of its own group with the ids of its service and run', async () => {
  const target = await startBuiltIn('cleanroom/sessions');
  const { id } = (await target.http.post('/sessions', { containers: 2 })).json<{ id: number }>();
  const pids = containers(target);
  expect(pids).toHaveLength(2);
  for (const pid of pids) {
    const [, , , processGroup] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '0 ')
      .split(' ');
    expect(Number(processGroup)).toBe(pid);
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toContain(`CLEANROOM_RUN=session-${id}\0`);
  }
  await target.http.delete(`/sessions/${id}`);
  expect(containers(target)).toEqual([]);
});

/** Levels, and what the system sees of the service. */
async function everything(target: BuiltInTarget): Promise<Record<string, number>> {
  const { gauges, openFiles, threads: threadCount } = await target.floor();
  return { ...gauges, openFiles, threadCount, containers: countContainers(target), files: countFiles(target) };
}

/** Processes that carry the target's temporary directory in their environment, the service itself and its runners left out. */
function containers(target: BuiltInTarget): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    const path = `/proc/${entry}/environ`;
    if (!/^\d+$/.test(entry) || Number(entry) === target.process.pid || !existsSync(path)) return [];
    try {
      const environment = readFileSync(path, 'latin1');
      return environment.includes(`TMPDIR=${target.temporaryDirectory}\0`) && environment.includes('CLEANROOM_RUN=')
        ? [Number(entry)]
        : [];
    } catch {
      return [];
    }
  });
}

function countContainers(target: BuiltInTarget): number {
  return containers(target).length;
}

function countFiles(target: BuiltInTarget): number {
  return readdirSync(target.temporaryDirectory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;
}
