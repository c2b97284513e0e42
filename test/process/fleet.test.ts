import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../harness/target/free-port.js';
import { execute, mainFile, plateau } from '../support/cli.js';
import {
  expectHistoryAsRebuilt,
  expectNothingLostOrDoubled,
  journalOf,
  nightRecordOf,
  nightsOf,
  processesOf,
  saidBy,
  startPlateau,
  writeTinySuite,
} from '../support/night-commands.js';
import { startRedis } from '../support/queue-server.js';
import { createRepository } from '../support/repositories.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

test('a night on three workers, one of which is killed: every entry has one run, sent whole', async () => {
  const directory = temporaryDirectory();
  const queue = (await startRedis(directory)).url;
  writeTinySuite(directory, names, { time: '10m', minimum: '5s' });
  const workers = ['one', 'two', 'three'].map((name) =>
    startPlateau(directory, ['worker', '--queue', queue, '--name', name, '--silence', '4s']),
  );
  const [victim] = workers;
  const taken = saidBy(victim!, /… /);
  await Promise.all(workers.slice(1).map((worker) => saidBy(worker, /takes entries/)));
  const night = plateau(['nightly', '--queue', queue, '--quiet'], { directory });
  await taken;
  victim!.kill('SIGKILL');
  const { exitCode, stderr } = await night;
  expect(stderr).toBe('');
  expect(exitCode).toBe(2);
  const [id] = nightsOf(directory);
  expectNothingLostOrDoubled(directory, id!);
  const { entries } = nightRecordOf(directory, id);
  expect(entries.map(({ variant, run, attempts }) => [variant, typeof run, attempts])).toEqual(
    names.map((name) => [name, 'string', 1]),
  );
  for (const { run } of entries)
    expect(readFileSync(join(directory, '.plateau/runs', run!, 'samples.ndjson'), 'utf8')).toContain('"floor"');
  await expectHistoryAsRebuilt(directory);
  for (const worker of workers.slice(1)) {
    worker.kill('SIGTERM');
    await once(worker, 'close');
    expect(worker.exitCode).toBe(0);
  }
  expect(processesOf(id!)).toEqual([]);
});

test('a coordinator that is killed goes on: what is under way is waited for, and counts once', async () => {
  const directory = temporaryDirectory();
  const queue = (await startRedis(directory)).url;
  writeTinySuite(directory, names, { time: '10m', minimum: '5s' });
  const worker = startPlateau(directory, ['worker', '--queue', queue, '--name', 'one']);
  await saidBy(worker, /takes entries/);
  const first = startPlateau(directory, ['nightly', '--queue', queue]);
  await saidBy(worker, /… /);
  first.kill('SIGKILL');
  await once(first, 'close');
  const { exitCode } = await plateau(['nightly', '--queue', queue, '--quiet'], { directory });
  expect(exitCode).toBe(2);
  const [id, ...others] = nightsOf(directory);
  expect(others).toEqual([]);
  expectNothingLostOrDoubled(directory, id!);
  const started = journalOf(directory, id!).filter(({ event }) => event === 'started');
  expect(started).toHaveLength(names.length);
});

test('entries go to the worker that ran them last, where it is idle', async () => {
  const directory = temporaryDirectory();
  const queue = (await startRedis(directory)).url;
  writeTinySuite(directory, ['a', 'b'], { time: '10m', minimum: '5s' });
  const workers = ['one', 'two'].map((name) => startPlateau(directory, ['worker', '--queue', queue, '--name', name]));
  await Promise.all(workers.map((worker) => saidBy(worker, /takes entries/)));
  const redis = new Redis(queue);
  onTestFinished(() => redis.disconnect());
  const lastWorkers = 'plateau:last-workers:plateau.config.mjs';
  const night = () => plateau(['nightly', '--queue', queue, '--quiet'], { directory });
  expect((await night()).exitCode).toBe(2);
  const first = await redis.hgetall(lastWorkers);
  expect(Object.values(first).sort()).toEqual(['one', 'two']);
  // Twice, so that chance alone does as much once in four.
  for (let turn = 0; turn < 2; turn += 1) {
    const wanted = Object.fromEntries(
      Object.entries(first).map(([entry, by]) => [entry, by === 'one' ? 'two' : 'one']),
    );
    await redis.hset(lastWorkers, wanted);
    expect((await night()).exitCode).toBe(2);
    expect(await redis.hgetall(lastWorkers)).toEqual(wanted);
  }
});

test('what a worker cannot have the commit of is left to others, and fails where there are none', async () => {
  const { directory, commit } = createRepository();
  const queue = (await startRedis(temporaryDirectory())).url;
  writeTinySuite(directory, ['a', 'b', 'c'], { time: '10m', minimum: '5s' });
  commit('first', { '.gitignore': '.plateau\n' });
  const stale = temporaryDirectory();
  await execute('git', ['clone', '--quiet', directory, '.'], { directory: stale });
  await execute('git', ['remote', 'remove', 'origin'], { directory: stale });
  commit('second', {});
  const behind = startPlateau(stale, ['worker', '--queue', queue, '--name', 'behind']);
  const current = startPlateau(directory, ['worker', '--queue', queue, '--name', 'current']);
  const left = saidBy(behind, /expected commit .* left to other workers/);
  await Promise.all([behind, current].map((worker) => saidBy(worker, /takes entries/)));
  const night = () => plateau(['nightly', '--queue', queue, '--quiet'], { directory });
  expect(await night()).toMatchObject({ exitCode: 2, stderr: '' });
  await left;
  expect(nightRecordOf(directory).entries.map(({ run }) => typeof run)).toEqual(['string', 'string', 'string']);
  current.kill('SIGTERM');
  await once(current, 'close');
  commit('third', {});
  expect((await night()).exitCode).toBe(3);
  expect(nightRecordOf(directory).entries.map(({ run }) => typeof run)).not.toContain('string');
});

test('plateau init --fleet writes what tries a night on two workers, and leaves nothing running', async () => {
  const directory = temporaryDirectory();
  writeTinySuite(directory, ['a', 'b'], { time: '10m', minimum: '5s' });
  expect((await plateau(['init', '--fleet'], { directory })).stdout).toContain('plateau-fleet.sh');
  const environment = { PLATEAU: `${process.execPath} ${mainFile}`, PLATEAU_FLEET_PORT: `${await freePort()}` };
  const { exitCode, stderr } = await execute('sh', ['plateau-fleet.sh', '--quiet'], { directory, environment });
  expect([exitCode, stderr]).toEqual([2, expect.not.stringContaining('PLATEAU_')]);
  const [id] = nightsOf(directory);
  expect(nightRecordOf(directory, id).entries.map(({ run }) => typeof run)).toEqual(['string', 'string']);
  expect(processesOf(id!)).toEqual([]);
});

test('doctor --queue shows the queue and who takes entries', async () => {
  const directory = temporaryDirectory();
  const queue = (await startRedis(directory)).url;
  const { stdout } = await plateau(['doctor', '--json', '--queue', queue], { directory });
  const { checks } = JSON.parse(stdout) as { checks: { capability: string; status: string; detail: string }[] };
  const ofQueue = checks.filter(({ capability }) => capability.startsWith('queue'));
  expect(ofQueue.map(({ capability, status }) => [capability, status])).toEqual([
    ['queue', 'ok'],
    ['queue memory', 'ok'],
    ['queue workers', 'limited'],
  ]);
});

test('a queue that does not answer, and none at all: one message, the code of the contract', async () => {
  const directory = temporaryDirectory();
  writeTinySuite(directory, ['a'], {});
  const port = await freePort();
  const away = await plateau(['nightly', '--queue', `redis://:hunter2@127.0.0.1:${port}`, '--quiet'], { directory });
  expect([away.exitCode, away.stderr]).toEqual([4, expect.stringMatching(/ECONNREFUSED[\s\S]*PLATEAU_QUEUE/)]);
  expect(away.stderr).not.toContain('hunter2');
  const none = await plateau(['worker'], { directory });
  expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining('PLATEAU_QUEUE')]);
  const other = await plateau(['worker', '--queue', 'http://127.0.0.1'], { directory });
  expect([other.exitCode, other.stderr]).toEqual([3, expect.stringContaining('expected redis:// or rediss://')]);
});
