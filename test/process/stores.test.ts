import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TargetDefinition } from '../../harness/model/scenario.js';
import { freePort } from '../../harness/target/free-port.js';
import * as postgres from '../fixtures/runtimes/postgres/cases.js';
import * as redis from '../fixtures/runtimes/redis/cases.js';
import * as ruby from '../fixtures/runtimes/ruby/cases.js';
import type { StoreCase } from '../fixtures/runtimes/store-case.js';
import { startPostgres } from '../support/running-postgres.js';
import { expectTruth, hasPostgres, hasRedis, hasRuby, soakCase } from '../support/store-judgement.js';

/** Those not soaked here are in the sweep over every case, `stores-sweep.test.ts`. */
const cases = [redis, postgres, ruby].flatMap(({ leakingCases, soundCases }) => [...leakingCases, ...soundCases]);

function caseOf(name: string): StoreCase {
  const found = cases.find(({ scenario }) => scenario.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

const withTarget = (storeCase: StoreCase, target: TargetDefinition): StoreCase => ({
  ...storeCase,
  scenario: { ...storeCase.scenario, target },
});

/** A server that plateau did not start, on a free port. */
async function startRedis(): Promise<{ url: string; isRunning: () => boolean }> {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  const port = await freePort();
  const server = spawn('redis-server', [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--dir',
    directory,
  ]);
  onTestFinished(() => {
    server.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on('data', (text) => String(text).includes('Ready to accept') && resolve());
  });
  return { url: `redis://127.0.0.1:${port}`, isRunning: () => server.exitCode === null && server.signalCode === null };
}

describe.runIf(hasRedis)('Redis', () => {
  it.each([
    'redis/keys-that-expire',
    'redis/group-of-its-own',
    'redis/group-destroyed',
    'redis/tracked-keys-of-a-closed-universe',
  ])('%s', (name) => expectTruth(caseOf(name)));

  it('that runs already is looked into by its address, and runs on', async () => {
    const { url, isRunning } = await startRedis();
    const record = await soakCase(withTarget(redis.keysOfTheirOwn, { redis: url }));
    expect(record).toMatchObject({ verdict: 'leak' });
    expect(record.findings).toContainEqual(expect.objectContaining({ metric: 'keys', verdict: 'leak' }));
    expect(isRunning()).toBe(true);
  });

  it('that runs already shows the cause too, in cycles that go on from those it has seen', async () => {
    const { url } = await startRedis();
    const leaking = caseOf('redis/key-left');
    await expectTruth(withTarget(leaking, { redis: url }));
  });

  it('that is the command of a target is recognised', async () => {
    const command = ['redis-server', '--port', '{port}', '--bind', '127.0.0.1', '--save', ''] as const;
    const record = await soakCase(withTarget(caseOf('redis/key-deleted'), { command }));
    expect(record.audit).toContainEqual(expect.objectContaining({ check: 'inside-view:Redis', ok: true }));
    expect(record.findings.map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['heapUsed', 'keys', 'clients']),
    );
  });
});

describe.runIf(hasPostgres)('PostgreSQL', () => {
  it.each([
    'postgres/rows-deleted',
    'postgres/replication-slot-not-read',
    'postgres/replication-slot-read',
    'postgres/cursor-with-hold',
  ])('%s', (name) => expectTruth(caseOf(name)));

  it('shows what its sessions keep outside of memory contexts', async () => {
    const { findings } = await soakCase(postgres.settingOfItsOwn, 15_000);
    // From PostgreSQL 16 on, settings lie in a memory context.
    const grown = findings.filter(({ metric }) => metric === 'nativeUsed' || metric === 'heapUsed');
    // In so short a run the other one may still be open.
    const slopes = grown.filter(({ slope }) => slope.low > 0).map(({ slope }) => slope.estimate);
    expect(slopes).toEqual([expect.closeTo(4260, -3)]);
  });

  it('that runs already shows what its sessions keep, and has its log written to for the cause alone', async () => {
    const { url, log } = await startPostgres();
    const record = await soakCase(withTarget(caseOf('postgres/prepared-statement-left'), { postgres: url }));
    expect(record).toMatchObject({ verdict: 'leak' });
    expect(record.suspects).toContainEqual(
      expect.objectContaining({ description: expect.stringMatching(/^Prepared statements like `prepare find_\*/) }),
    );
    const logged = log().match(/logging memory contexts/g) ?? [];
    // The pass for the cause has eight rounds, of which six are read twice; that before it has forty and more.
    expect(logged.length).toBeLessThan(20);
  });

  it('names the sessions that stay before their descriptors', async () => {
    const record = await soakCase(caseOf('postgres/transaction-left-open'));
    expect(record.suspects[0]?.description).toMatch(/^Sessions of `shop`, idle in transaction/);
    expect(record.suspects.map(({ description }) => description).join()).not.toContain('Descriptors of');
  });

  it.each([
    ['postgres/advisory-lock-held', /^Advisory locks/],
    ['postgres/temporary-table-left', /^Temporary tables like `basket_\*`/],
  ])('names what is left before where memory of it is: %s', async (name, thing) => {
    const record = await soakCase(caseOf(name));
    expect(record.suspects[0]?.description).toMatch(thing);
  });

  it('leaves nothing behind', async () => {
    const { id } = await soakCase(caseOf('postgres/sequence'));
    expect(existsSync(join(tmpdir(), `plateau-${id}`))).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.includes(id))).toEqual([]);
  });
});

describe.runIf(hasRuby)('Ruby', () => {
  it.each(['ruby/hash', 'ruby/cycle'])('%s', (name) => expectTruth(caseOf(name)));
});
