import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Queue } from 'bullmq';
import { expect, onTestFinished, test } from 'vitest';
import type { DoctorReport } from '../../harness/model/doctor-report.js';
import { queueName } from '../../harness/queue/connect-queue.js';
import { freePort } from '../../harness/target/free-port.js';
import { plateau } from '../support/cli.js';
import {
  expectNothingLostOrDoubled,
  nightRecordOf,
  nightsOf,
  processesOf,
  saidBy,
  startPlateau,
  writeTinySuite,
} from '../support/night-commands.js';
import { startRedis } from '../support/queue-server.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const times = { time: '1h', minimum: '1m' };

function startWorker(directory: string, queue: string, name: string, silence: string): ChildProcess {
  return startPlateau(directory, ['worker', '--queue', queue, '--name', name, '--silence', silence]);
}

test('workers that were silent for too long and live: their entry runs once more, counts once, and has ended nobody', async () => {
  const directory = temporaryDirectory();
  const { url } = await startRedis(directory);
  writeTinySuite(directory, ['a'], times);
  const one = startWorker(directory, url, 'one', '2s');
  await saidBy(one, /takes entries/);
  const night = plateau(['nightly', '--queue', url, '--quiet'], { directory });
  await saidBy(one, /… /);
  const two = startWorker(directory, url, 'two', '2s');
  const takenByTwo = saidBy(two, /… /);
  one.kill('SIGSTOP');
  await takenByTwo;
  two.kill('SIGSTOP');
  const again = saidBy(one, /goes to another worker[\s\S]*… /);
  one.kill('SIGCONT');
  await again;
  two.kill('SIGCONT');
  expect(await night).toMatchObject({ exitCode: 2, stderr: '' });
  const [id] = nightsOf(directory);
  expectNothingLostOrDoubled(directory, id!);
  expect(nightRecordOf(directory, id).entries.map(({ attempts, run }) => [attempts, typeof run])).toEqual([
    [1, 'string'],
  ]);
});

test('messages of strangers are refused, those of another version are left to others, and the night goes on', async () => {
  const directory = temporaryDirectory();
  const { url } = await startRedis(directory);
  writeTinySuite(directory, ['a'], times);
  const queue = new Queue(queueName, { connection: { url } });
  onTestFinished(() => queue.close());
  const entry = {
    schemaVersion: 1,
    plateau: '0.1.0',
    night: '20260131-120000-00abc',
    entry: 'a',
    attempt: 1,
    durationMs: 60_000,
    configuration: 'plateau.config.mjs',
    command: 'plateau nightly',
    verbose: false,
  };
  const strange = [
    { ...entry, configuration: '../../etc/passwd' },
    { ...entry, night: '../..' },
    { ...entry, durationMs: 'for ever' },
    { ...entry, command: 'x'.repeat(20_000_000) },
    [entry],
    'nothing',
    null,
  ];
  const jobs = await Promise.all(strange.map((data, index) => queue.add(`stranger-${index}`, data)));
  const other = await queue.add('other', { ...entry, plateau: '99.0.0', unheardOf: true });
  const worker = startWorker(directory, url, 'one', '30s');
  await saidBy(worker, /expected entries of plateau .*, got one of 99\.0\.0/i);
  const { exitCode, stderr } = await plateau(['nightly', '--queue', url, '--quiet'], { directory });
  expect([exitCode, stderr]).toEqual([2, '']);
  expect(nightRecordOf(directory).entries.map(({ run }) => typeof run)).toEqual(['string']);
  for (const { id } of jobs) {
    const { returnvalue } = (await queue.getJob(id!))!;
    expect(returnvalue).toMatchObject({
      state: 'failed',
      exitCode: 3,
      message: expect.stringContaining('another message'),
    });
  }
  expect((await queue.getJob(other.id!))!.finishedOn).toBeUndefined();
});

test('a night that no worker serves ends when its time is over', async () => {
  const directory = temporaryDirectory();
  const { url } = await startRedis(directory);
  writeTinySuite(directory, ['a', 'b'], { time: '10s', minimum: '5s' });
  const { exitCode, stderr } = await plateau(['nightly', '--queue', url], { directory });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no worker took it')]);
  const [id] = nightsOf(directory);
  expect(nightRecordOf(directory, id).reason).toContain('not run');
  expect(processesOf(id!)).toEqual([]);
});

test('a queue that refuses, or never answers: one message each, and what to do', async () => {
  const directory = temporaryDirectory();
  writeTinySuite(directory, ['a'], times);
  const closed = await startRedis(directory, ['--requirepass', 'hunter2hunter2']);
  const open = await startRedis(directory);
  const silent = createServer(() => undefined).listen(await freePort(), '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const refused = [
    [closed.url, /NOAUTH[\s\S]*password in the address/],
    [closed.url.replace('//', '//:wrong-password@'), /WRONGPASS[\s\S]*password in the address/],
    [`${open.url}/99`, /DB index is out of range/],
    [`redis://127.0.0.1:${port}`, /none for 10 s/],
    ['redis://nowhere.invalid', /ENOTFOUND/],
  ] as const;
  for (const [url, words] of refused)
    for (const command of [['worker'], ['nightly', '--quiet']]) {
      const { exitCode, stderr } = await plateau([...command, '--queue', url], { directory });
      expect([url, exitCode, stderr]).toEqual([url, 4, expect.stringMatching(words)]);
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/^Queue .*: expected a Redis that answers, got /),
        expect.stringMatching(/^Try: /),
        'PLATEAU_QUEUE',
      ]);
      expect(stderr).not.toContain('wrong-password');
    }
  for (const url of ['redis:foo', `${open.url}/first`, 'redis://127.0.0.1:99999', 'redis://']) {
    for (const command of ['worker', 'doctor']) {
      const { exitCode, stderr } = await plateau([command, '--queue', url], { directory });
      expect([url, exitCode, stderr]).toEqual([url, 3, expect.stringContaining('PLATEAU_INVALID_OPTION')]);
    }
  }
  const { stdout } = await plateau(['doctor', '--json', '--queue', closed.url], { directory });
  const { checks } = JSON.parse(stdout) as DoctorReport;
  expect(checks.find(({ capability }) => capability === 'queue')).toMatchObject({
    detail: expect.stringContaining('NOAUTH'),
    remedy: expect.stringContaining('password'),
  });
});
