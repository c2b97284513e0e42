import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltInTarget, builtScenario, type Floor, startBuiltIn } from '../support/built-in-target.js';

const gauge = (name: string) => (floor: Floor) => floor.gauges[name]!;
const openFiles = (floor: Floor) => floor.openFiles;
const openSockets = (floor: Floor) => floor.openSockets;
const threads = (floor: Floor) => floor.threads;

/** Growth over `cycles` after a warm-up of as many, per cycle. */
async function growth(target: BuiltInTarget, cycles: number, read: (floor: Floor) => number): Promise<number> {
  await target.drive(cycles);
  const before = await target.floor();
  const outcome = await target.drive(cycles);
  expect(outcome.failures).toEqual([]);
  return (read(await target.floor()) - read(before)) / cycles;
}

test.concurrent.for([
  ['retention', 'unclosed-on-error', openFiles, 40, 0.25],
  ['retention', 'with-only', openFiles, 40, 5.25],
  ['continuous-queries', 'unclosed-on-error', openFiles, 40, 0.25],
  ['continuous-queries', 'with-only', openFiles, 40, 5.25],
  ['compaction-locks', 'unclosed-on-error', openFiles, 24, 0.25],
  ['compaction-locks', 'with-only', openFiles, 24, 2.25],
  ['compactions', 'unreleased-lock', gauge('locks'), 24, 0.25],
  ['deletes', 'kept-instances', threads, 10, 1],
  ['dependencies', 'unbounded-probe', openSockets, 20, 0.25],
  ['background-services', 'aborted-start', openFiles, 20, 1],
  ['tokens', 'unbounded-token-cache', gauge('cachedTokens'), 50, 1],
  ['failing-queries', 'unreturned-connections', gauge('poolConnections'), 100, -0.02],
] as const)(
  '%s with %s grows by what it declares',
  async ([name, defect, read, cycles, perCycle], { onTestFinished }) => {
    const target = await startBuiltIn(`series-api/${name}`, [defect], onTestFinished);
    expect(await growth(target, cycles, read)).toBeCloseTo(perCycle, 10);
    expect((await builtScenario(`series-api/${name}`)).defects?.[defect]?.expect.perCycle).toBe(perCycle);
  },
);

test.concurrent.for([
  ['retention', [], 40],
  ['retention', ['gc-only'], 40],
  ['continuous-queries', [], 40],
  ['compaction-locks', [], 24],
  ['error-free', ['unclosed-on-error'], 30],
  ['compactions', [], 24],
  ['deletes', [], 10],
  ['dependencies', [], 20],
  ['background-services', [], 20],
  ['tokens', [], 30],
  ['failing-queries', [], 100],
] as const)('%s with %j returns to where it was', async ([name, defects, cycles], { onTestFinished }) => {
  const target = await startBuiltIn(`series-api/${name}`, defects, onTestFinished);
  await target.drive(cycles);
  const before = await target.floor();
  const outcome = await target.drive(cycles);
  expect(outcome.failures).toEqual([]);
  const after = await target.floor();
  const { healthChecks: _checks, ...gauges } = before.gauges;
  expect(after.gauges).toMatchObject(gauges);
  expect(after).toMatchObject({ openFiles: before.openFiles, threads: before.threads });
});

const cacheLimitBytes = 8 * 1024 * 1024;

test.concurrent.for([
  ['wide-cells', []],
  ['skewed-cells', []],
  ['small-cells', ['fixed-estimate']],
  ['wide-cells', ['first-rows-estimate']],
] as const)('%s with %j: the cache keeps to its 8 MiB', async ([name, defects], { onTestFinished }) => {
  const target = await startBuiltIn(`series-api/${name}`, defects, onTestFinished);
  await target.drive(30);
  expect((await target.floor()).gauges.cacheBytes).toBeLessThanOrEqual(cacheLimitBytes);
});

test.concurrent.for([
  ['wide-cells', 'fixed-estimate'],
  ['skewed-cells', 'first-rows-estimate'],
] as const)('%s with %s: the cache holds more than it knows', async ([name, defect], { onTestFinished }) => {
  const target = await startBuiltIn(`series-api/${name}`, [defect], onTestFinished);
  await target.drive(30);
  const { gauges, arrayBuffersBytes } = await target.floor();
  expect(gauges.cacheBytes).toBeGreaterThan(1.5 * cacheLimitBytes);
  expect(arrayBuffersBytes).toBeGreaterThan(gauges.cacheBytes!);
});

test.concurrent('a queue whose tickets are kept turns away all who would wait, a sound one nobody', async ({
  onTestFinished,
}) => {
  const sound = await startBuiltIn('series-api/queued-queries', [], onTestFinished);
  expect((await sound.drive(300, { concurrency: 8 })).failures).toEqual([]);
  expect((await sound.floor()).gauges).toMatchObject({ poolWaiting: 0, poolConnections: 2 });
  const refusing = await startBuiltIn('series-api/queued-queries', ['kept-tickets'], onTestFinished);
  const { failures } = await refusing.drive(300, { concurrency: 8 });
  expect(failures).toMatchObject([{ phase: 'create', kind: 'HTTP 503' }]);
  expect((await refusing.floor()).gauges.poolWaiting).toBe(100);
});

test.concurrent('a cache of 100 known tokens holds 100, without a limit too', async ({ onTestFinished }) => {
  const target = await startBuiltIn('series-api/known-tokens', ['unbounded-token-cache'], onTestFinished);
  await target.drive(1_000, { concurrency: 8 });
  expect((await target.floor()).gauges.cachedTokens).toBe(100);
});

test.concurrent.for([
  [[], 0],
  [['stray-merge-file'], 4],
] as const)(
  '24 partitions, of which 4 cannot be written whole, with %j: %i unfinished files',
  async ([defects, left], { onTestFinished }) => {
    const target = await startBuiltIn('series-api/compactions', defects, onTestFinished);
    expect((await target.drive(24)).failures).toEqual([]);
    expect(readdirSync(join(target.temporaryDirectory, 'series-api', 'partitions', '.unfinished'))).toHaveLength(left);
  },
);

test('a service that cannot start is reported, or takes the process with it', async () => {
  const sound = await startBuiltIn('series-api/background-services');
  const started = await sound.http.post('/background', { linePort: Number(new URL(sound.url).port) });
  expect(started.json()).toMatchObject({
    running: 2,
    failed: { 'line-listener': expect.stringContaining('EADDRINUSE') },
  });
  const exiting = await startBuiltIn('series-api/background-services', ['exit-on-failed-start']);
  const exited = once(exiting.process, 'exit');
  await expect(exiting.drive(1)).resolves.toMatchObject({ failed: 1 });
  expect(await exited).toEqual([1, null]);
});

test('SIGTERM in mid-load: what was begun is answered or cut, and the exit code is 0', async () => {
  const target = await startBuiltIn('series-api/retention');
  await target.drive(4);
  const load = target.drive(500, { concurrency: 16 });
  await target.http.get('/stats');
  expect(await target.stop()).toBe(0);
  const { destroyed, failed } = await load;
  expect(destroyed + failed).toBe(500);
  expect(failed).toBeGreaterThan(0);
});
