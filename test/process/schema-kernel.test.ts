import { expect, test } from 'vitest';
import { builtScenario, startBuiltIn } from '../support/built-in-target.js';

const warmup = 50;
const cycles = 200;

/** Growth of a gauge over 200 cycles after a warm-up, per cycle. */
async function growth(name: string, defect: string | undefined, gauge: string): Promise<number> {
  const target = await startBuiltIn(`schema-kernel/${name}`, defect === undefined ? [] : [defect]);
  await target.drive(warmup);
  const before = await target.floor();
  const outcome = await target.drive(cycles);
  expect(outcome.failures).toEqual([]);
  const after = await target.floor();
  return (after.gauges[gauge]! - before.gauges[gauge]!) / cycles;
}

test.each([
  ['known-schemas', 'documents-per-call', 'keptDocuments', 2],
  ['fresh-schemas', 'documents-per-miss', 'keptDocuments', 1],
  ['fresh-schemas', 'unbounded-cache', 'cachedSchemas', 1],
  ['handlers', 'unregister-noop', 'handlers', 1],
])('%s with %s: gauge %s grows by exactly %i a cycle', async (name, defect, gauge, perCycle) => {
  expect(await growth(name, defect, gauge)).toBe(perCycle);
  const declared = (await builtScenario(`schema-kernel/${name}`)).defects?.[defect]?.expect;
  expect(declared).toMatchObject({ verdict: 'leak', metric: `gauge.${gauge}`, perCycle });
});

test.each([
  ['known-schemas', undefined, 'keptDocuments'],
  ['fresh-schemas', 'remove-schema', 'keptDocuments'],
  ['handlers', undefined, 'handlers'],
  ['handlers', undefined, 'tools'],
  ['known-handlers', undefined, 'handlers'],
])('%s with defect %s: gauge %s stays', async (name, defect, gauge) => {
  expect(await growth(name, defect, gauge)).toBe(0);
});

test('one of 64 known handlers, never unregistered: levels off at 64', async () => {
  const target = await startBuiltIn('schema-kernel/known-handlers', ['unregister-noop']);
  await target.drive(600);
  expect((await target.floor()).gauges.handlers).toBe(64);
  await target.drive(200);
  expect((await target.floor()).gauges.handlers).toBe(64);
});

test('removeSchema leaves kilobytes of each schema behind, a compiler of its own nothing', async () => {
  const perCycle = async (defect: string[]) => {
    const target = await startBuiltIn('schema-kernel/evictions', defect);
    await target.drive(170);
    const before = await target.floor();
    await target.drive(200);
    const after = await target.floor();
    expect(after.gauges.cachedSchemas).toBe(1_000);
    return (after.heapUsedBytes - before.heapUsedBytes) / 200;
  };
  expect(await perCycle([])).toBeLessThan(1_000);
  expect(await perCycle(['remove-schema'])).toBeGreaterThan(3_000);
}, 60_000);

test('SIGTERM ends it with exit code 0 also when all its callers wait for ever', async () => {
  const target = await startBuiltIn('schema-kernel/evictions', ['evict-deadlock']);
  await target.drive(150);
  const waiting = target.http.post('/tools', { name: 'late', schema: '{}' }).catch((error: Error) => error);
  const answered = await Promise.race([waiting, target.http.get('/stats')]);
  expect((answered as { status: number }).status).toBe(200);
  expect(await target.stop()).toBe(0);
  expect(await waiting).toBeInstanceOf(Error);
}, 60_000);

test('a schema that is none is refused, and nothing of it is kept', async () => {
  const { http, floor } = await startBuiltIn('schema-kernel/known-schemas');
  await expect(http.post('/tools', { name: 'odd', schema: '{"type": "integr"}' })).rejects.toThrow(/400.*schema/);
  await expect(http.post('/tools', { name: 'odd', schema: '{' })).rejects.toThrow(/400.*expected JSON/);
  await expect(http.post('/tools', { name: 'odd' })).rejects.toThrow(/400.*manifest/);
  await expect(http.delete('/tools/7')).rejects.toThrow(/404/);
  expect((await floor()).gauges).toMatchObject({ tools: 0, cachedSchemas: 0 });
});

test('a defect that it does not know ends it', async () => {
  await expect(startBuiltIn('schema-kernel/handlers', ['no-such'])).rejects.toThrow(/exit code/);
});
