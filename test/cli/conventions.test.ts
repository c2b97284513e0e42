import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { expect, test } from 'vitest';
import { plateau } from '../support/cli.js';
import { functionModule } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const shortRun = () => ['run', functionModule('sound'), '--rounds', '3', '--quiet', '--out', temporaryDirectory()];

test('an option without a value is set by its variable, unless that is 0, false or empty', async () => {
  const list = (value: string) => plateau(['list'], { environment: { PLATEAU_JSON: value } });
  expect((await list('1')).stdout).toMatch(/^[[{]/);
  for (const value of ['0', 'false', '']) expect((await list(value)).stdout).not.toMatch(/^[[{]/);
});

test('an option with a value is set by its variable, and the command line goes before it', async () => {
  const environment = { PLATEAU_SEED: '17' };
  const of = async (...given: string[]) =>
    (JSON.parse((await plateau([...shortRun(), '--json', ...given], { environment })).stdout) as { seed: number }).seed;
  expect(await of()).toBe(17);
  expect(await of('--seed', '18')).toBe(18);
});

test('a wrong value in a variable is refused as on the command line', async () => {
  const { exitCode, stderr } = await plateau(shortRun(), { environment: { PLATEAU_DURATION: 'soon' } });
  expect(stderr).toMatch(/--duration: expected a time above 0 .* got "soon"/);
  expect(exitCode).toBe(3);
});

test('verdicts exit with other codes where those are wanted', async () => {
  expect((await plateau(shortRun())).exitCode).toBe(2);
  expect((await plateau([...shortRun(), '--exit-code', 'leak=99,inconclusive=0'])).exitCode).toBe(0);
  const environment = { PLATEAU_EXIT_CODE: 'inconclusive=77' };
  expect((await plateau(shortRun(), { environment })).exitCode).toBe(77);
});

test.each(['leak', 'leak=-1', 'leak=256', 'late=3'])('--exit-code %s is refused', async (codes) => {
  const { exitCode, stderr } = await plateau([...shortRun(), '--exit-code', codes]);
  expect(stderr).toContain(
    `--exit-code: expected one of plateau, leak, inconclusive, crashed, interrupted, with a code from 0 to 255, got "${codes}".`,
  );
  expect(exitCode).toBe(3);
});

test('tags stay with a run, in its record and in the history', async () => {
  const out = temporaryDirectory();
  const given = ['run', functionModule('sound'), '--rounds', '3', '--quiet', '--out', out];
  const { stdout } = await plateau([...given, '--tag', 'branch=main', '--tag', 'job=a=b', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ tags: { branch: 'main', job: 'a=b' } });
  const { stdout: judgedAgain } = await plateau(['analyse', 'latest', '--json', '--out', out]);
  expect(JSON.parse(judgedAgain)).toMatchObject({ tags: { branch: 'main', job: 'a=b' } });
  const database = new sqlite.Database(`${out}/history.sqlite`);
  const [row] = database.all("SELECT json_extract(tags, '$.branch') AS branch FROM runs");
  database.close();
  expect(row).toEqual({ branch: 'main' });
});

test.each(['main', '=x', 'a-b=c', 'scenario=x', 'branch='])('--tag %s is refused', async (tag) => {
  const { exitCode, stderr } = await plateau([...shortRun(), '--tag', tag]);
  expect(stderr).toContain(`--tag: expected <key>=<value>`);
  expect(stderr).toContain(`got "${tag}".`);
  expect(exitCode).toBe(3);
});

test('--open shows the HTML report in the browser', async () => {
  const directory = temporaryDirectory();
  const shown = join(directory, 'shown');
  const browser = join(directory, 'browser');
  writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > '${shown}.part' && mv '${shown}.part' '${shown}'\n`);
  chmodSync(browser, 0o755);
  const environment = { BROWSER: browser, DISPLAY: '' };
  await plateau([...shortRun(), '--open'], { environment });
  await expect.poll(() => existsSync(shown), { timeout: 20_000 }).toBe(true);
  const path = readFileSync(shown, 'utf8').replace(/^file:\/\//, '');
  expect(readFileSync(path, 'utf8')).toContain('<!doctype html>');
});

test('a profile of what leaks is written for other tools', async () => {
  const out = temporaryDirectory();
  await plateau(['run', functionModule('leaking'), '--seed', '3', '--quiet', '--out', out]);
  const { stdout } = await plateau(['report', 'latest', '--format', 'heapprofile', '--out', out]);
  const { samples } = JSON.parse(stdout) as { samples: { size: number }[] };
  expect(samples.length).toBeGreaterThan(0);
  const file = join(out, 'leak.pb.gz');
  await plateau(['report', 'latest', '--format', 'pprof', '--output', file, '--out', out]);
  // As gzip begins.
  expect([...readFileSync(file).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
});
