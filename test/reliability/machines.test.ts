import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { NightEvent } from '../../harness/model/night.js';
import {
  expectHistoryAsRebuilt,
  expectNothingLostOrDoubled,
  functionModule,
  journalOf,
  nightRecordOf,
  nightsOf,
  processesOf,
  saidBy,
  tinyRun,
  writeConfiguration,
} from '../support/night-commands.js';
import { QueueServer } from '../support/queue-server.js';
import { row, type World } from './campaign.js';

const machines = 8;
const entriesPerKind = { sound: 52, leaking: 4, crashing: 8 } as const;
const entries = 64;
/** Of documentation, so that it is no network of this machine. */
const subnet = '198.51.100';
const bridge = 'plateau-bridge';

function ip(...given: readonly string[]): void {
  execFileSync('ip', given);
}

/** Machines of the same cores, each with a network of its own that reaches this one alone. @returns their names */
function connectMachines(): string[] {
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  return Array.from({ length: machines }, (_, index) => {
    const name = `plateau-${index}`;
    const cable = `plateau-v${index}`;
    ip('netns', 'add', name);
    ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cable, 'master', bridge, 'up');
    ip('-n', name, 'addr', 'add', `${subnet}.${index + 2}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return name;
  });
}

/** Those that a campaign left behind which was killed, too: what is not there is no error. */
function disconnectMachines(): void {
  for (let index = 0; index < machines; index += 1) spawnSync('ip', ['netns', 'delete', `plateau-${index}`]);
  spawnSync('ip', ['link', 'delete', bridge]);
}

/** Runs of a second or two, and some that decide. */
function writeSuite(directory: string): void {
  const settings = {
    sound: tinyRun,
    leaking: { ...tinyRun, rounds: 60, cycles: 500 },
    crashing: { ...tinyRun, cycles: 400 },
  } as const;
  const scenarios = (['sound', 'leaking', 'crashing'] as const).map((kind) => {
    const names = Array.from({ length: entriesPerKind[kind] }, (_, index) => `${kind}${index}`);
    const variants = Object.fromEntries(names.map((name) => [name, settings[kind]]));
    return { scenario: functionModule(kind), variants };
  });
  const nightly = { time: '6h', minimum: '2m', targetsAtOnce: machines };
  writeConfiguration(directory, { scenarios, nightly, canaries: false });
}

function verdictsOf(directory: string): (string | number)[][] {
  return nightRecordOf(directory).entries.map(({ name, verdict, exitCode, attempts }) => [
    name,
    verdict,
    exitCode,
    attempts,
  ]);
}

function finishedOf(directory: string): Extract<NightEvent, { event: 'finished' }>[] {
  return journalOf(directory, nightsOf(directory)[0]!).flatMap((event) => (event.event === 'finished' ? [event] : []));
}

/** Both nights compete for the same cores at the same time, so that how busy the machine is says nothing of either. */
function expectAsFast(fleet: string, alone: string): void {
  const [ofFleet, ofAlone] = [fleet, alone].map((directory) => finishedOf(directory).map(({ at }) => at));
  const firstEnd = [ofFleet!.at(-1)!, ofAlone!.at(-1)!].sort()[0]!;
  const until = (moments: readonly string[]) => moments.filter((at) => at <= firstEnd).length;
  const share = until(ofFleet!) / until(ofAlone!);
  console.log(`the fleet ran ${until(ofFleet!)} entries while one machine ran ${until(ofAlone!)}: ${share.toFixed(2)}`);
  expect(share).toBeGreaterThanOrEqual(0.9);
}

async function ended(world: World, given: readonly string[]) {
  const child = world.start(given);
  child.stdout!.resume();
  const [stderr] = await Promise.all([text(child.stderr!), once(child, 'close')]);
  return { exitCode: child.exitCode, stderr };
}

async function nightsSideBySide(world: World, names: readonly string[], alone: string): Promise<void> {
  const server = await QueueServer.start(world.directory, ['--bind', `${subnet}.1`, '--requirepass', 'soak']);
  const queue = server.url.replace('127.0.0.1', `:soak@${subnet}.1`);
  const workers = names.map((name) =>
    world.start(['worker', '--queue', queue, '--name', name], { before: ['ip', 'netns', 'exec', name] }),
  );
  for (const worker of workers) worker.stdout!.resume();
  try {
    await Promise.all(workers.map((worker) => saidBy(worker, /takes entries/)));
    const [fleet, one] = await Promise.all([
      ended(world, ['nightly', '--queue', queue, '--quiet']),
      ended(world, ['nightly', '--config', 'alone/plateau.config.mjs', '--out', 'alone/.plateau', '--quiet']),
    ]);
    expect(fleet).toEqual(one);
    for (const directory of [world.directory, alone]) {
      expectNothingLostOrDoubled(directory, nightsOf(directory)[0]!);
      expect(finishedOf(directory)).toHaveLength(entries);
    }
  } finally {
    const closed = Promise.all(workers.map((worker) => once(worker, 'close')));
    for (const worker of workers) worker.kill('SIGTERM');
    await closed;
    await server.kill();
  }
}

row({
  name: 'eight machines with networks of their own run a night of 64 entries',
  expected: 'the verdicts of one machine; every entry has one run that counts; at least 0.9 of its speed',
  share: 0.05,
  async trial(world) {
    const alone = join(world.directory, 'alone');
    mkdirSync(alone);
    for (const directory of [world.directory, alone]) writeSuite(directory);
    disconnectMachines();
    try {
      await nightsSideBySide(world, connectMachines(), alone);
    } finally {
      disconnectMachines();
    }
    expect(verdictsOf(world.directory)).toEqual(verdictsOf(alone));
    expect(processesOf(nightsOf(world.directory)[0]!)).toEqual([]);
    await expectHistoryAsRebuilt(world.directory);
    expectAsFast(world.directory, alone);
  },
});
