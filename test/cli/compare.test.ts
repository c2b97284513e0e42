import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { comparisonSchema } from '../../harness/model/comparison.js';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { fixture, plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const once = ['--attribution', 'off', '--quiet', '--json', '--duration', '20s'];

test('a leak, its fix, and a baseline: compared, known, and said to be gone', async () => {
  const directory = temporaryDirectory();
  const module = join(directory, 'driver.mjs');
  const soak = async (...given: string[]) => {
    const { exitCode, stdout, stderr } = await plateau(['run', './driver.mjs', ...once, ...given], { directory });
    return { exitCode, stderr, record: runRecordSchema.parse(JSON.parse(stdout)) };
  };
  copyFileSync(fixture('leak.mjs'), module);
  const leak = await soak('--seed', '1');
  expect(leak.exitCode).toBe(1);

  const updated = await plateau(['baseline', 'update', 'latest'], { directory });
  expect(updated).toMatchObject({ exitCode: 0, stderr: '' });
  expect(updated.stdout).toMatch(/^plateau\.baseline\.json: driver added from run .*\n {2}known: .*gauge\.kept/);
  const again = await soak('--seed', '2', '--baseline', 'plateau.baseline.json');
  expect(again).toMatchObject({ exitCode: 0, record: { verdict: 'plateau', baseline: { run: leak.record.id } } });
  expect(again.record.findings.find(({ metric }) => metric === 'gauge.kept')?.verdict).toBe('known');
  const judgedAgain = await plateau(['analyse', 'latest', '--json'], { directory });
  expect(JSON.parse(judgedAgain.stdout)).toEqual(again.record);

  writeFileSync(
    module,
    readFileSync(fixture('leak.mjs'), 'utf8').replace('kept.push({ cycle })', 'kept[0] = { cycle }'),
  );
  const fixed = await soak('--seed', '3', '--baseline', leak.record.id);
  expect(fixed).toMatchObject({ exitCode: 0, record: { verdict: 'plateau', baseline: { source: leak.record.id } } });
  expect(fixed.record.warnings).toContainEqual(expect.stringMatching(/^gauge\.kept leaked in the baseline/));

  const compared = await plateau(['compare', 'latest~1', 'latest', '--json', '--reporter', 'markdown=made/fix.md'], {
    directory,
  });
  expect(compared).toMatchObject({ exitCode: 0, stderr: '' });
  const comparison = comparisonSchema.parse(JSON.parse(compared.stdout));
  expect(comparison).toMatchObject({
    verdict: 'fixed',
    before: { id: again.record.id },
    after: { id: fixed.record.id },
  });
  expect(readFileSync(join(directory, 'made/fix.md'), 'utf8')).toMatch(/^### ✓ driver: fixed\n/);

  const back = await plateau(['compare', 'latest', leak.record.id], { directory });
  expect(back).toMatchObject({ exitCode: 1, stderr: '' });
  expect(back.stdout).toMatch(/✗ driver +NEW LEAK\n/);
  for (const line of back.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

  // Elsewhere, without the runs: the records alone.
  const exported = temporaryDirectory();
  for (const { id } of [leak.record, fixed.record])
    copyFileSync(join(directory, '.plateau/runs', id, 'run.json'), join(exported, `${id}.json`));
  const records = await plateau(['compare', `${leak.record.id}.json`, `${fixed.record.id}.json`, '--json'], {
    directory: exported,
  });
  expect(comparisonSchema.parse(JSON.parse(records.stdout))).toMatchObject({
    verdict: 'fixed',
    before: { basis: 'record' },
  });
});

test('--footprint: what a live object costs; nothing to hold is said', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'files.mjs'),
    `import { closeSync, openSync } from 'node:fs';
const rests = [];
export const create = () => ({ file: openSync('/dev/null'), table: new Array(128).fill(0) });
export function destroy({ file }) { closeSync(file); rests.push({ a: 1, b: 2, c: 3, d: 4 }); }`,
  );
  const held = await plateau(['run', './files.mjs', ...once, '--footprint'], { directory });
  const { footprint } = runRecordSchema.parse(JSON.parse(held.stdout));
  expect(footprint).toMatchObject([{ operation: 'cycle', repeats: 9 }]);
  const costs = new Map(footprint![0]!.metrics.map((cost) => [cost.metric, cost]));
  expect(costs.get('fds')).toMatchObject({ live: { estimate: 1, low: 1, high: 1 }, residue: { estimate: 0 } });
  // 128 tagged words with their header, and the object that holds them.
  expect(costs.get('heapUsed')!.live.estimate).toBeGreaterThan(1_040);
  expect(costs.get('heapUsed')!.live.estimate).toBeLessThan(1_300);
  expect(costs.get('heapUsed')!.residue.low).toBeGreaterThan(20);
  const nothing = await plateau(['run', fixture('leak.mjs'), ...once, '--rounds', '3', '--footprint', '10'], {
    directory,
  });
  const record = runRecordSchema.parse(JSON.parse(nothing.stdout));
  expect(record.footprint).toBeUndefined();
  expect(record.warnings).toContainEqual(expect.stringMatching(/^--footprint: .*nothing to hold/));
});

test('what cannot be compared or known is refused with the field and one thing to do', async () => {
  const directory = temporaryDirectory();
  const refused = async (...given: string[]) => {
    const { exitCode, stdout, stderr } = await plateau(given, { directory });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    return stderr;
  };
  expect(await refused('compare', 'latest~1', 'latest')).toMatch(/Run "latest~1": expected an id.*\nTry: /s);
  writeFileSync(join(directory, 'known.json'), '{"schemaVersion": 1, "scenarios": {"a": 3}}');
  expect(await refused('run', fixture('leak.mjs'), '--baseline', 'known.json')).toMatch(/known\.json: scenarios\.a: /);
  expect(await refused('run', fixture('leak.mjs'), '--baseline', 'none.json')).toMatch(
    /none\.json: expected a baseline file, got no file/,
  );
  expect(await refused('baseline', 'show')).toMatch(/plateau\.baseline\.json: expected a baseline file, got no file/);
});
