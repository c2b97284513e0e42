import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import {
  expectHistoryAsRebuilt,
  expectNothingLostOrDoubled,
  journalOf,
  nightRecordOf,
  nightsOf,
  processesOf,
  saidBy,
  writeTinySuite,
} from '../support/night-commands.js';
import { QueueServer } from '../support/queue-server.js';
import { row, type World } from './campaign.js';

const names = ['a', 'b', 'c', 'd'];
/** In which a night of four entries on two workers is under way. */
const nightMs = 6_000;
/** In which it cannot be over. */
const beforeEndMs = 3_000;

interface Fleet {
  readonly server: QueueServer;
  readonly workers: readonly ChildProcess[];
  /** Starts the night, or goes on with it. */
  night(): { child: ChildProcess; ended: Promise<{ exitCode: number | null; stderr: string }> };
}

/** Two workers with a queue; all of it is ended after the work. */
async function withFleet(world: World, options: readonly string[], work: (fleet: Fleet) => Promise<void>) {
  const server = await QueueServer.start(world.directory, options);
  writeTinySuite(world.directory, names, { time: '1h', minimum: '1m' });
  const workers = ['one', 'two'].map((name) =>
    world.start(['worker', '--queue', server.url, '--name', name, '--silence', '4s']),
  );
  for (const worker of workers) worker.stdout!.resume();
  const night = () => {
    const child = world.start(['nightly', '--queue', server.url, '--silence', '5s', '--quiet']);
    child.stdout!.resume();
    const ended = Promise.all([text(child.stderr!), once(child, 'close')]).then(([stderr]) => ({
      exitCode: child.exitCode,
      stderr,
    }));
    return { child, ended };
  };
  try {
    await Promise.all(workers.map((worker) => saidBy(worker, /takes entries/)));
    await work({ server, workers, night });
  } finally {
    const running = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const closed = Promise.all(running.map((worker) => once(worker, 'close')));
    for (const worker of running) worker.kill('SIGTERM');
    await closed;
    await server.kill();
  }
}

/** Resolves once a night has put an entry on its queue: before that, a Redis that is away ends it at once. */
async function underWay({ directory }: World, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const [id] = nightsOf(directory);
    if (id !== undefined && startsOf(directory, id) > 0) return;
    await wait(50);
  }
}

function startsOf(directory: string, id: string): number {
  const isThere = existsSync(join(directory, '.plateau', 'nights', id, 'journal.ndjson'));
  return isThere ? journalOf(directory, id).filter(({ event }) => event === 'started').length : 0;
}

async function expectOneNightOfWholeRuns({ directory }: World): Promise<void> {
  const [id, ...others] = nightsOf(directory);
  expect(others).toEqual([]);
  expectNothingLostOrDoubled(directory, id!);
  expect(nightRecordOf(directory, id).entries.map(({ run }) => typeof run)).toEqual(names.map(() => 'string'));
  const counted = journalOf(directory, id!).filter(({ event }) => event === 'finished');
  expect(counted).toHaveLength(names.length);
  expect(processesOf(id!)).toEqual([]);
  await expectHistoryAsRebuilt(directory);
}

row({
  name: 'a worker is killed at a random moment of a night',
  expected: 'what it ran runs once more elsewhere; every entry has one run that counts',
  async trial(world) {
    await withFleet(world, [], async ({ workers, night }) => {
      const { ended } = night();
      await wait(world.random() * nightMs);
      workers[0]!.kill('SIGKILL');
      expect(await ended).toEqual({ exitCode: 2, stderr: '' });
    });
    await expectOneNightOfWholeRuns(world);
  },
});

row({
  name: 'the coordinator is killed at a random moment of a night on workers',
  expected: 'the next start goes on; every entry has one run that counts',
  async trial(world) {
    await withFleet(world, [], async ({ night }) => {
      const first = night();
      await Promise.race([first.ended, wait(world.random() * nightMs)]);
      first.child.kill('SIGKILL');
      await first.ended;
      if (first.child.exitCode === null) expect(await night().ended).toEqual({ exitCode: 2, stderr: '' });
    });
    await expectOneNightOfWholeRuns(world);
  },
});

for (const [what, options] of [
  ['with what it had', ['--appendonly', 'yes', '--appendfsync', 'always']],
  ['without what it had', []],
] as const) {
  row({
    name: `the Redis of a night is killed at a random moment, and starts again ${what}`,
    expected: 'the night goes on; every entry has one run that counts',
    async trial(world) {
      await withFleet(world, options, async ({ server, night }) => {
        const { child, ended } = night();
        await underWay(world, child);
        await wait(world.random() * nightMs);
        await server.kill();
        await wait(world.random() * 2_000);
        await server.startAgain();
        expect((await ended).exitCode).toBe(2);
      });
      await expectOneNightOfWholeRuns(world);
    },
  });
}

row({
  name: 'the Redis of a night is killed and stays away',
  expected: 'exit 4, PLATEAU_QUEUE; the next start goes on, and every entry has one run that counts',
  share: 0.5,
  async trial(world) {
    await withFleet(world, ['--appendonly', 'yes', '--appendfsync', 'always'], async ({ server, workers, night }) => {
      const { child, ended } = night();
      await underWay(world, child);
      await wait(world.random() * beforeEndMs);
      await server.kill();
      // Whoever ends a worker meanwhile need not wait for the queue.
      const [worker] = workers;
      const closed = once(worker!, 'close');
      worker!.kill('SIGTERM');
      await closed;
      expect(worker!.exitCode).toBe(0);
      expect(await ended).toEqual({ exitCode: 4, stderr: expect.stringMatching(/PLATEAU_QUEUE/) });
      await server.startAgain();
      expect((await night().ended).exitCode).toBe(2);
    });
    await expectOneNightOfWholeRuns(world);
  },
});
