import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { NightEvent, NightRecord } from '../../harness/model/night.js';
import type { Manifest } from '../../harness/model/run-log.js';
import type { RunRecord } from '../../harness/model/run-record.js';
import { cliEnvironment, mainFile, plateau } from './cli.js';
import { processesWith } from './processes-with.js';

const fixtures = fileURLToPath(new URL('../fixtures/run/', import.meta.url));

export function functionModule(name: 'leaking' | 'sound' | 'crashing'): string {
  return `${fixtures}${name}-functions.mjs`;
}

/** Enough for floors, too little for a verdict: such a run takes a second. */
export const tinyRun = { rounds: 3, cycles: 50, attribution: 'off', confidence: 0.95 } as const;

/** Writes a configuration; every value in it is plain. */
export function writeConfiguration(directory: string, configuration: object): void {
  writeFileSync(join(directory, 'plateau.config.mjs'), `export default ${JSON.stringify(configuration)};\n`);
}

/** A suite of runs that take a second each, a variant a name. */
export function writeTinySuite(directory: string, names: readonly string[], nightly: object): void {
  const variants = Object.fromEntries(names.map((name) => [name, tinyRun]));
  const scenarios = [{ scenario: functionModule('sound'), variants }];
  writeConfiguration(directory, { scenarios, nightly, canaries: false });
}

export function nightsOf(directory: string): string[] {
  const nights = join(directory, '.plateau', 'nights');
  return existsSync(nights) ? readdirSync(nights).sort() : [];
}

export function nightRecordOf(directory: string, id = nightsOf(directory).at(-1)): NightRecord {
  return JSON.parse(readFileSync(join(directory, '.plateau', 'nights', id!, 'night.json'), 'utf8')) as NightRecord;
}

export function journalOf(directory: string, id: string): NightEvent[] {
  const lines = readFileSync(join(directory, '.plateau', 'nights', id, 'journal.ndjson'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as NightEvent);
}

/** A command in a process of its own, with its progress on stderr; ended with the test, also where that has stopped it. */
export function startPlateau(directory: string, given: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [mainFile, ...given], {
    cwd: directory,
    env: cliEnvironment({}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  return child;
}

/** Resolves once a process has said something on stderr. */
export function saidBy(child: ChildProcess, what: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (more: string) => {
      said += more;
      if (what.test(said)) resolve();
    });
    child.on('close', () => reject(new Error(`expected ${what}, got\n${said}`)));
  });
}

/** Starts a night and kills it, with `kill -9` and all it started still running, after some time. */
export async function killNight(directory: string, afterMs: number): Promise<'killed' | 'over'> {
  const child = spawn(process.execPath, [mainFile, 'nightly', '--quiet'], {
    cwd: directory,
    env: cliEnvironment({}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [, said] = await Promise.all([
    Promise.race([wait(afterMs), once(child, 'close')]).then(() => child.kill('SIGKILL')),
    text(child.stderr),
    child.exitCode === null && child.signalCode === null ? once(child, 'close') : undefined,
  ]);
  if (child.signalCode === 'SIGKILL') return 'killed';
  expect(said).not.toMatch(/PLATEAU_/);
  return 'over';
}

/** Every finished run of a night counts once, and nothing counts that is not there. */
export function expectNothingLostOrDoubled(directory: string, night: string): void {
  const events = journalOf(directory, night);
  const counted = events.flatMap((event) => (event.event === 'finished' ? [event] : []));
  const runs = join(directory, '.plateau', 'runs');
  const finished = readdirSync(runs).filter((id) => {
    const manifest = JSON.parse(readFileSync(join(runs, id, 'manifest.json'), 'utf8')) as Manifest;
    const path = join(runs, id, 'run.json');
    return (
      manifest.night === night &&
      existsSync(path) &&
      (JSON.parse(readFileSync(path, 'utf8')) as RunRecord).verdict !== 'interrupted'
    );
  });
  expect(counted.map(({ run }) => run).sort()).toEqual(finished.sort());
  const attempts = counted.map(({ entry, attempt }) => `${entry} ${attempt}`);
  expect(new Set(attempts).size).toBe(attempts.length);
  const record = nightRecordOf(directory, night);
  for (const entry of record.entries) {
    const own = counted.filter((event) => event.entry === entry.name);
    expect(entry.attempts).toBe(own.length);
    expect(entry.run).toBe(own.at(-1)?.run);
  }
  expect(events.filter(({ event }) => event === 'ended')).toHaveLength(1);
}

/** Processes that carry the mark of a night. */
export function processesOf(night: string): number[] {
  return processesWith(`/${night}\0`);
}

/** The history says the same after it was made anew from the run directories. */
export async function expectHistoryAsRebuilt(directory: string): Promise<void> {
  const before = await plateau(['history', '--json'], { directory });
  const rebuilt = await plateau(['history', '--rebuild', '--json'], { directory });
  expect(before.exitCode).toBe(0);
  expect(rebuilt.stdout).toBe(before.stdout);
  expect(before.stdout).toContain('"series"');
}
