import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import {
  expectHistoryAsRebuilt,
  expectNothingLostOrDoubled,
  nightRecordOf,
  nightsOf,
  processesOf,
  writeTinySuite,
} from '../support/night-commands.js';
import { leakingOrSound, row, runsOf, type World } from './campaign.js';

/** Kills plateau, and nothing that it started, at a random moment. */
async function killed(world: World, given: readonly string[], withinMs: number): Promise<boolean> {
  const child = world.start(given);
  const closed = once(child, 'exit');
  child.stdout!.resume();
  child.stderr!.resume();
  await Promise.race([closed, wait(world.random() * withinMs)]);
  const isOver = child.exitCode !== null;
  child.kill('SIGKILL');
  await closed;
  return !isOver;
}

row({
  name: 'plateau is killed at a random moment of a run',
  expected: 'what was sampled is judged; the next start ends the target and removes what is left',
  share: 3,
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    await killed(world, ['run', path, '--quiet', '--no-until-decided', '--duration', '1m'], 8_000);
    const [run] = runsOf(world.directory);
    if (run !== undefined) {
      const lines = readFileSync(join(world.directory, '.plateau/runs', run, 'samples.ndjson'), 'utf8').split('\n');
      const floors = lines.filter((line) => line.startsWith('["floor"')).length;
      const { stdout, exitCode } = await world.plateau(['analyse', run, '--json']);
      const record = JSON.parse(stdout) as RunRecord;
      expect(record.verdict).not.toBe(leaks ? 'plateau' : 'leak');
      expect(record.exitCode).toBe(exitCode);
      expect(record.warnings.join('\n')).toMatch(/killed|did not end/);
      expect(record.counts.rounds).toBeLessThanOrEqual(floors);
    }
    await world.plateau(['run', path, '--quiet', '--rounds', '2', '--cycles', '20']);
  },
});

row({
  name: 'plateau is killed at a random moment of a night',
  expected: 'the next start goes on; every entry has one run that counts',
  share: 2,
  async trial(world) {
    writeTinySuite(world.directory, ['a', 'b', 'c'], { time: '1h', minimum: '1m' });
    await killed(world, ['nightly', '--quiet'], 8_000);
    const { exitCode, stderr } = await world.plateau(['nightly', '--quiet']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(2);
    await expectHistoryAsRebuilt(world.directory);
    for (const night of nightsOf(world.directory)) {
      expectNothingLostOrDoubled(world.directory, night);
      expect(nightRecordOf(world.directory, night).entries.map(({ run }) => typeof run)).toEqual(
        Array(3).fill('string'),
      );
      expect(processesOf(night)).toEqual([]);
    }
  },
});

/** What a client writes that asks for a run. */
function askingFor(scenario: string): string {
  const client = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'campaign', version: '1' } };
  const messages = [
    { id: 1, method: 'initialize', params: client },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'run', arguments: { scenario, duration: '1m' } } },
  ];
  return messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
}

row({
  name: 'the server of `plateau mcp` is ended by a signal, or killed, at a random moment of a run',
  expected: 'exit 0 once its run has ended; one that is killed takes its run along; what was sampled is judged',
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    const server = world.start(['mcp'], { input: askingFor(path) });
    const closed = once(server, 'exit');
    server.stdout!.resume();
    server.stderr!.resume();
    await wait(500 + world.random() * 6_000);
    const signal = (['SIGINT', 'SIGKILL', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)[world.attempt % 5]!;
    server.kill(signal);
    await closed;
    if (signal === 'SIGKILL') await vi.waitFor(() => expect(world.processes()).toEqual([]), { timeout: 20_000 });
    else expect(server.exitCode).toBe(0);
    for (const run of runsOf(world.directory)) {
      const { stdout } = await world.plateau(['analyse', run, '--json']);
      expect((JSON.parse(stdout) as RunRecord).verdict).not.toBe(leaks ? 'plateau' : 'leak');
    }
  },
});
