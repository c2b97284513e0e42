import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { NightRecord } from '../../harness/model/night.js';
import { fixture, plateau } from '../support/cli.js';
import { writeHoardingPackage } from '../support/hoarding-package.js';
import {
  expectNothingLostOrDoubled,
  functionModule,
  journalOf,
  nightRecordOf,
  nightsOf,
  saidBy,
  startPlateau,
  tinyRun,
  writeConfiguration,
} from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const junitSchema = fileURLToPath(new URL('../fixtures/junit.xsd', import.meta.url));

interface Posted {
  readonly authorization: string | undefined;
  readonly path: string | undefined;
  readonly body: string;
}

/** Answers 503, hangs up, then takes what it is given. */
async function failingTwice(): Promise<{ url: string; posts: Posted[] }> {
  const posts: Posted[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    posts.push({ authorization: request.headers.authorization, path: request.url, body });
    if (posts.length === 1) response.writeHead(503).end();
    else if (posts.length === 2) request.socket.destroy();
    else response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/s3cret-path`, posts };
}

test('a night: canaries first, one fault ends nothing, every report, and who is notified', async () => {
  const directory = temporaryDirectory();
  const { url, posts } = await failingTwice();
  writeFileSync(join(directory, 'built.mjs'), `import { writeFileSync } from 'node:fs'; writeFileSync('built', '');`);
  writeConfiguration(directory, {
    scenarios: [
      { scenario: functionModule('leaking'), attribution: 'off', seed: 3 },
      fixture('no-functions.mjs'),
      { scenario: functionModule('sound'), name: 'tiny', ...tinyRun },
    ],
    build: `${process.execPath} built.mjs`,
    nightly: { time: '2m', minimum: '10s' },
    reporters: ['junit=out/night.xml', { name: 'csv', file: 'out/night.csv' }, 'json=out/night.json', 'terminal'],
    notifications: [{ webhook: { env: 'HOOK' }, headers: { authorization: { env: 'HOOK_TOKEN' } } }],
  });
  const summary = join(directory, 'summary.md');
  const { exitCode, stdout, stderr } = await plateau(['nightly'], {
    directory,
    environment: {
      HOOK: url,
      HOOK_TOKEN: 'Bearer s3cret-token',
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_WORKSPACE: directory,
    },
  });
  // The gravest of all: a scenario that cannot be run goes before a leak.
  expect(exitCode).toBe(3);
  const record = nightRecordOf(directory);
  expect(record.canaries.map(({ kind, ok }) => [kind, ok])).toEqual([
    ['leak', true],
    ['sound', true],
  ]);
  expect(record.entries.map(({ name, verdict, exitCode: code }) => [name, verdict, code])).toEqual([
    ['leaking-functions', 'leak', 1],
    ['no-functions', 'crashed', 3],
    ['tiny', 'inconclusive', 2],
  ]);
  expect(record.entries[0]?.leaking).toContain('gauge.sessions');
  expect(record.news).toMatchObject([
    { kind: 'new', reported: true, scenario: 'no-functions' },
    { kind: 'new', reported: true, scenario: 'leaking-functions', metrics: expect.arrayContaining(['gauge.sessions']) },
    { kind: 'undecided', reported: false, scenario: 'tiny' },
  ]);
  expect(existsSync(join(directory, 'built'))).toBe(true);

  const out = join(directory, 'out');
  expect(JSON.parse(readFileSync(join(out, 'night.json'), 'utf8'))).toEqual(record);
  const valid = spawnSync('xmllint', ['--noout', '--schema', junitSchema, join(out, 'night.xml')], {
    encoding: 'utf8',
  });
  if (valid.error === undefined) expect(valid.stderr).toMatch(/night\.xml validates/);
  expect(readFileSync(join(out, 'night.xml'), 'utf8')).toMatch(
    /<testsuite id="2" name="no-functions" tests="1" failures="0" errors="1"/,
  );
  expect(
    readFileSync(join(out, 'night.csv'), 'utf8')
      .split('\r\n')
      .map((line) => line.split(',')[5]),
  ).toEqual(['verdict', 'leak', 'crashed', 'inconclusive', undefined]);
  expect(stdout).toMatch(/night {2}CRASHED[\s\S]*new .*no-functions could not be run[\s\S]*✗ leaking-functions +leak/);
  expect(stderr).toMatch(/^::error title=plateau%3A new in no-functions::no-functions could not be run/m);
  expect(readFileSync(summary, 'utf8')).toMatch(/^### ✗ plateau night: crashed[\s\S]*\| Scenario \| Verdict/);

  expect(posts).toHaveLength(3);
  for (const { authorization, path } of posts)
    expect([authorization, path]).toEqual(['Bearer s3cret-token', '/hooks/s3cret-path']);
  expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
  expect(JSON.parse(posts[2]!.body)).toMatchObject({ kind: 'plateau.night', night: { id: record.id, exitCode: 3 } });
  const night = nightsOf(directory)[0]!;
  expect(journalOf(directory, night).at(-2)).toMatchObject({ event: 'notified', target: 0 });
  const everything = [
    stdout,
    stderr,
    readFileSync(summary, 'utf8'),
    JSON.stringify(record),
    JSON.stringify(journalOf(directory, night)),
  ];
  for (const said of everything) expect(said).not.toMatch(/s3cret/);
  // Canaries are no part of what is listed or of history.
  const runs = join(directory, '.plateau', 'runs');
  const driven = readdirSync(runs).map(
    (id) => JSON.parse(readFileSync(join(runs, id, 'manifest.json'), 'utf8')).scenario,
  );
  expect(new Set(driven)).toEqual(new Set(['leaking-functions', 'tiny']));
});

test('a canary that is not found voids the night: nothing is run, exit 4', async () => {
  const directory = temporaryDirectory();
  writeConfiguration(directory, {
    scenarios: [functionModule('sound')],
    canaries: [{ leak: functionModule('sound'), sound: functionModule('sound') }],
  });
  const { exitCode, stdout, stderr } = await plateau(['nightly', '--json', '--quiet'], { directory });
  expect(stderr).toBe('');
  expect(exitCode).toBe(4);
  const record = JSON.parse(stdout) as NightRecord;
  expect(record).toMatchObject({ verdict: 'void', exitCode: 4, entries: [] });
  expect(record.reason).toBe('canary sound-functions: expected to leak, got plateau');
  expect(existsSync(join(directory, '.plateau', 'runs'))).toBe(false);
});

test('a leak is reported once and fails every night, until somebody has accepted it; and again when that is over', async () => {
  const directory = temporaryDirectory();
  const night = async (knownLeaks: readonly object[], out: string) => {
    writeConfiguration(directory, {
      scenarios: [{ scenario: functionModule('leaking'), attribution: 'off', seed: 3 }],
      nightly: { time: '1m', minimum: '10s' },
      canaries: false,
      knownLeaks,
    });
    const { exitCode, stdout } = await plateau(
      ['nightly', '--quiet', '--reporter', `junit=${out}`, '--reporter', 'json'],
      {
        directory,
      },
    );
    const { news, entries } = JSON.parse(stdout) as NightRecord;
    return { exitCode, news: news.map(({ kind, reported }) => [kind, reported]), known: entries[0]?.known };
  };
  const leak = { scenario: 'leaking-functions', owner: 'me' };
  expect(await night([], 'one.xml')).toEqual({ exitCode: 1, news: [['new', true]], known: false });
  expect(await night([{ ...leak, expires: '2999-12-31' }], 'two.xml')).toEqual({
    exitCode: 0,
    news: [['still', false]],
    known: true,
  });
  expect(await night([{ ...leak, expires: '2020-12-31' }], 'three.xml')).toMatchObject({ exitCode: 1, known: false });
  expect(readFileSync(join(directory, 'one.xml'), 'utf8')).toMatch(/<failure type="leak"/);
  expect(readFileSync(join(directory, 'two.xml'), 'utf8')).not.toMatch(/<failure/);
});

test('an interrupted night goes on where it stopped, and another one beside it is refused', async () => {
  const directory = temporaryDirectory();
  const scenario = functionModule('sound');
  const endless = { cycles: 20, untilDecided: false, attribution: 'off', seed: 1 };
  writeConfiguration(directory, {
    scenarios: [
      { scenario, name: 'first', ...tinyRun },
      { scenario, name: 'second', ...endless, minimum: '4s' },
    ],
    nightly: { time: '10m' },
    canaries: false,
  });
  const child = startPlateau(directory, ['nightly']);
  await saidBy(child, /^… second/m);
  const beside = await plateau(['nightly', '--quiet'], { directory });
  expect(beside.stderr).toMatch(/^Night \S+: expected no other night under way, got one of process \d+\.\nTry: wait/);
  expect(beside.exitCode).toBe(4);
  child.kill('SIGINT');
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(130);
  const [night] = nightsOf(directory);
  expect(journalOf(directory, night!).map(({ event }) => event)).toEqual([
    'claimed',
    'started',
    'finished',
    'started',
    'abandoned',
  ]);
  const resumed = await plateau(['nightly'], { directory });
  expect(resumed.stderr).toMatch(/^Going on with night \S+, which stopped before it was over/);
  expect(resumed.stderr).not.toMatch(/… first/);
  expectNothingLostOrDoubled(directory, night!);
  expect(nightRecordOf(directory)).toMatchObject({ id: night, resumed: 1, exitCode: resumed.exitCode });
});

test('a run that somebody else ends is a fault of that scenario alone', async () => {
  const directory = temporaryDirectory();
  writeConfiguration(directory, {
    scenarios: [fixture('signals-plateau.mjs'), { scenario: functionModule('sound'), ...tinyRun }],
    canaries: false,
  });
  const { exitCode } = await plateau(['nightly', '--quiet'], { directory, environment: { SEND_SIGNAL: 'SIGKILL' } });
  expect(exitCode).toBe(4);
  expect(nightRecordOf(directory).entries).toMatchObject([
    { verdict: 'crashed', exitCode: 4, reason: 'its process ended by SIGKILL' },
    { verdict: 'inconclusive', attempts: 1 },
  ]);
});

test('a leak in a package is annotated where the project calls it', async () => {
  const directory = temporaryDirectory();
  const { module } = writeHoardingPackage(directory);
  writeConfiguration(directory, {
    scenarios: [{ scenario: module, seed: 3 }],
    nightly: { time: '2m', minimum: '10s' },
    canaries: false,
  });
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: directory };
  const { exitCode, stderr } = await plateau(['nightly'], { directory, environment });
  expect(exitCode).toBe(1);
  expect(nightRecordOf(directory).entries[0]?.location).toMatchObject({ file: module, line: 2 });
  expect(stderr).toMatch(/^::error file=driver\.mjs,line=2,/m);
});
