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

test.each([
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
  async (name, defect, read, cycles, perCycle) => {
    const target = await startBuiltIn(`series-api/${name}`, [defect]);
    expect(await growth(target, cycles, read)).toBeCloseTo(perCycle, 10);
    expect((await builtScenario(`series-api/${name}`)).defects?.[defect]?.expect.perCycle).toBe(perCycle);
  },
  30_000,
);

test.each([
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
] as const)(
  '%s with %j returns to where it was',
  async (name, defects, cycles) => {
    const target = await startBuiltIn(`series-api/${name}`, defects);
    await target.drive(cycles);
    const before = await target.floor();
    const outcome = await target.drive(cycles);
    expect(outcome.failures).toEqual([]);
    const after = await target.floor();
    const { healthChecks: _checks, ...gauges } = before.gauges;
    expect(after.gauges).toMatchObject(gauges);
    expect(after).toMatchObject({ openFiles: before.openFiles, threads: before.threads });
  },
  30_000,
);
