import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { listRuns, resolveRun } from '../../../harness/store/resolve-run.js';
import { createRunStore } from '../../../harness/store/run-store.js';
import { manifestWith } from '../../support/stored-runs.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const ids = ['20260131-115959-zzabc', '20260131-120000-00def', '20260201-000000-a1xyz'];
let outDirectory: string;
let directories: string[];

beforeEach(() => {
  outDirectory = temporaryDirectory();
  directories = ids.toReversed().map((id) => createRunStore(outDirectory, manifestWith({ id })).directory);
  directories.reverse();
});

test('runs are listed oldest first; what has no manifest is no run', () => {
  mkdirSync(join(outDirectory, 'runs', '20260202-000000-unborn'));
  writeFileSync(join(outDirectory, 'runs', 'notes.txt'), '');
  expect(listRuns(outDirectory)).toEqual(ids);
  expect(listRuns(join(outDirectory, 'elsewhere'))).toEqual([]);
});

test.each([
  ['latest', 2],
  ['latest~0', 2],
  ['latest~2', 0],
  ['20260131-120000-00def', 1],
  ['20260201', 2],
  ['20260131-11', 0],
  ['00def', 1],
])('%s names a run', async (reference, index) => {
  expect(await resolveRun(reference, outDirectory)).toBe(directories[index]);
});

test('latest is a run of `run` or of a night, and latest~1 the one before it of the same scenario', async () => {
  const add = (id: string, changes: Parameters<typeof manifestWith>[0]) =>
    createRunStore(outDirectory, manifestWith({ id, ...changes })).directory;
  const first = add('20260301-000000-first', { scenario: 'shop' });
  add('20260302-000000-other', {});
  const last = add('20260303-000000-third', { scenario: 'shop', purpose: 'night' });
  add('20260304-000000-sides', { scenario: 'shop', purpose: 'compare' });
  expect(await resolveRun('latest', outDirectory)).toBe(last);
  expect(await resolveRun('latest~1', outDirectory)).toBe(first);
  await expect(resolveRun('latest~2', outDirectory)).rejects.toMatchObject({
    message: 'Run "latest~2": expected a run of shop, as the last run is, got 2 of it.',
    hint: 'one of 20260303-000000-third, 20260301-000000-first',
  });
});

test('a directory, its run.json and its report name the run', async () => {
  const [directory = ''] = directories;
  writeFileSync(join(directory, 'run.json'), '{}');
  expect(await resolveRun(directory, '/nowhere')).toBe(directory);
  expect(await resolveRun(join(directory, 'run.json'), '/nowhere')).toBe(directory);
});

test('a prefix of several runs is an error that lists them, newest first', async () => {
  await expect(resolveRun('20260131', outDirectory)).rejects.toMatchObject({
    code: 'PLATEAU_UNKNOWN_RUN',
    message: 'Run "20260131": expected the start of one id, got that of 2.',
    hint: 'one of 20260131-120000-00def, 20260131-115959-zzabc',
  });
});

test.each(['', 'x', 'latest~3', 'latest~', 'LATEST', '../runs'])('"%s" is unknown', async (reference) => {
  await expect(resolveRun(reference, outDirectory)).rejects.toMatchObject({
    code: 'PLATEAU_UNKNOWN_RUN',
    hint: expect.stringContaining(ids[2] as string),
  });
});

test('without any run the hint says how to get one', async () => {
  await expect(resolveRun('latest', temporaryDirectory())).rejects.toMatchObject({
    code: 'PLATEAU_UNKNOWN_RUN',
    hint: expect.stringContaining('plateau run'),
  });
});

test('a record that was exported elsewhere names its run while that is there', async () => {
  const exported = join(temporaryDirectory(), 'exported.json');
  writeFileSync(exported, JSON.stringify({ id: ids[1] }));
  expect(await resolveRun(exported, outDirectory)).toBe(directories[1]);
  await expect(resolveRun(exported, temporaryDirectory())).rejects.toMatchObject({ code: 'PLATEAU_UNKNOWN_RUN' });
});

test('a path without a run says what is missing', async () => {
  await expect(resolveRun(outDirectory, outDirectory)).rejects.toMatchObject({
    code: 'PLATEAU_UNKNOWN_RUN',
    message: expect.stringContaining('expected a directory with manifest.json and samples.ndjson'),
  });
});
