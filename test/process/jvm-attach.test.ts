import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EvidenceRound } from '../../harness/attribute/evidence/attribution-session.js';
import type { Lead } from '../../harness/attribute/leads/lead.js';
import { runtimeLeads } from '../../harness/attribute/leads/runtime-leads.js';
import { SourceLocator } from '../../harness/attribute/source/source-locator.js';
import type { RuntimeReading } from '../../harness/model/runtime.js';
import { closeLeftRecording } from '../../harness/runtimes/jvm/evidence.js';
import { jvm } from '../../harness/runtimes/jvm/jvm.js';
import { readProcessFacts } from '../../harness/runtimes/process-facts.js';
import { directory } from '../fixtures/runtimes/jvm/cases.js';
import { lineOf } from '../fixtures/runtimes/sessions.js';
import { hasCommand } from '../support/managed-judgement.js';
import { startManaged } from '../support/managed-process.js';

const source = join(directory, 'Service.java');

const start = (mode: string, options: readonly string[] = [], purpose?: 'cause') =>
  startManaged({
    runtime: jvm,
    command: ['java', '-Xmx128m', ...options, 'Service.java'],
    directory,
    environment: { MODE: mode },
    ...(purpose && { purpose }),
  });

interface Driven {
  readonly purpose?: 'cause';
  /** Cycles before the recording begins. @defaultValue none */
  readonly before?: number;
  readonly cycles: number;
}

/** What the view of a service shows once it was driven. */
async function evidenceOf(mode: string, { purpose, before = 0, cycles }: Driven): Promise<RuntimeReading> {
  const target = await start(mode, [], purpose);
  const connection = await target.connect();
  if (before > 0) await target.drive(before);
  await connection.beginRecording!();
  await target.drive(cycles);
  const evidence = await connection.evidence!({ isLast: true });
  await connection.close();
  return evidence;
}

describe.runIf(hasCommand('javac'))('the inside view of a JVM', () => {
  it('counts the live heap and the buffers outside it, of a JVM that ran before', async () => {
    const target = await start('direct');
    expect(jvm.detect(readProcessFacts(target.pid))).toBe(true);
    const connection = await target.connect();
    // The JVM itself gives back some KiB while it warms up: few requests would not stand out from that.
    await target.drive(1_000);
    const first = await connection.floor();
    await target.drive(500);
    const second = await connection.floor();
    await connection.close();
    expect(second.directBuffers! - first.directBuffers!).toBe(500);
    expect(second.classes! - first.classes!).toBeLessThan(20);
    expect((second.heapUsed! - first.heapUsed!) / 500).toBeGreaterThan(100);
    expect((second.heapUsed! - first.heapUsed!) / 500).toBeLessThan(400);
  });

  it('names the line and the holder, and ends its recording', async () => {
    const { sites, holders, warnings } = await evidenceOf('listener', { purpose: 'cause', before: 200, cycles: 100 });
    expect(warnings).toEqual([]);
    const sessions = sites.filter(({ type }) => type === 'Service$Session');
    expect(sessions).toHaveLength(1);
    expect(sessions[0]?.count).toBe(100);
    const own = sessions[0]?.stack.find(({ isOwn }) => isOwn);
    expect(own).toMatchObject({ file: source, line: lineOf(source, 'leak: listener'), function: 'Service.subscribe' });
    expect(holders.find(({ description }) => description === 'Service.EventBus.INSTANCE.listeners')).toMatchObject({
      entries: 300,
      location: { file: source, line: lineOf(source, 'static final EventBus INSTANCE') },
    });
  });

  it('reads how much a collection may hold, from a field of it and from a number beside it', async () => {
    const { holders } = await evidenceOf('recent', { purpose: 'cause', cycles: 100 });
    const limitsOf = (name: string) => holders.find(({ description }) => description === name)?.numbers;
    expect(limitsOf('Service.BACKLOG')).toContainEqual({ name: 'capacity', value: 15_000, isNear: true });
    expect(limitsOf('Service.RECENT')).toContainEqual({ name: 'MAX_RECENT', value: 15_000, isNear: false });
  });

  it.each([
    ['recent-exchanges', 'Service.RECENT_EXCHANGES.exchanges', 'maxExchanges'],
    ['exchanges', 'Service.EXCHANGES.exchanges', undefined],
  ])('names the log and its limit, not the collections in the entries of %s', async (mode, holder, limit) => {
    const target = await start(mode, [], 'cause');
    const connection = await target.connect();
    await connection.beginRecording!();
    const rounds: EvidenceRound[] = [];
    for (let cycles = 60; cycles <= 300; cycles += 60) {
      await target.drive(60);
      rounds.push({ cycles, values: {}, runtime: await connection.evidence!({ isLast: cycles === 300 }) });
    }
    await connection.close();
    const leads = runtimeLeads(rounds, new SourceLocator({}, directory));
    const heldGrowth = (lead: Lead) => lead.evidence.get('heapUsed')?.slope.estimate ?? 0;
    const [largest] = leads.sort((one, other) => heldGrowth(other) - heldGrowth(one));
    expect(largest?.holder?.description).toBe(`\`${holder}\``);
    expect(heldGrowth(largest!)).toBeGreaterThan(400);
    expect(largest?.capacity?.name).toBe(limit);
    if (limit !== undefined) expect(largest?.capacity).toMatchObject({ entries: 15_000 });
  });

  it('names an array that holds its entries itself, although none was made since', async () => {
    const { sites, holders } = await evidenceOf('numbers', { purpose: 'cause', before: 300, cycles: 50 });
    const room = sites.find(({ isRoom, heldBy }) => isRoom && heldBy?.startsWith('Service.Registry.READINGS'));
    // Eight numbers a cycle, in an array for a power of two.
    expect(room?.live.heapUsed).toBe(16 + 4_096 * 8);
    expect(room?.stack.find(({ isOwn }) => isOwn)?.line).toBe(lineOf(source, 'leak: numbers'));
    expect(holders.find(({ key }) => key === room?.heldBy)).toMatchObject({
      description: 'Service.Registry.READINGS.values',
      location: { file: source, line: lineOf(source, 'static final Readings READINGS') },
    });
  });

  it('passes over arrays that were there before the first cycle', async () => {
    const { sites } = await evidenceOf('numbers-again', { purpose: 'cause', before: 20, cycles: 20 });
    // The compiler, which has its tables in the same process, is among them.
    const before = sites.filter(
      ({ isRoom, heldBy }) => isRoom && /Service\.NUMBERS|SharedNameTable/.test(heldBy ?? ''),
    );
    expect(before).toEqual([]);
  });

  it('names what no static field leads to by the field that holds it, and nothing by the constants of a class', async () => {
    const { holders } = await evidenceOf('instance', { cycles: 100 });
    expect(holders.find(({ description }) => description === 'Service.Visits.seen')).toMatchObject({
      entries: 100,
      type: 'Service$Session',
      location: { file: source, line: lineOf(source, 'List<Session> seen') },
    });
    expect(holders.filter(({ description }) => /^Service.*</.test(description))).toEqual([]);
  });

  it('names what the platform itself holds by its own field', async () => {
    const { holders } = await evidenceOf('delete-on-exit', { cycles: 100 });
    const hook = holders.find(({ description }) => description === 'java.io.DeleteOnExitHook.files');
    // Those that share a bucket are counted below it.
    expect(hook?.entries).toBeGreaterThan(80);
  });

  it('finds threads by where they were started, and what a ThreadLocal holds by its name', async () => {
    const { holders } = await evidenceOf('thread-local', { cycles: 100 });
    expect(holders.find(({ description }) => description === 'ThreadLocal Service.Registry.CONTEXT')).toMatchObject({
      entries: 100,
      type: 'Service$Session',
    });
    const { sites } = await evidenceOf('thread', { cycles: 20 });
    const started = sites.find(({ what }) => what === 'threads like watcher-*');
    expect(started).toMatchObject({ count: 20, live: { threads: 20 } });
    expect(started?.stack.find(({ isOwn }) => isOwn)?.line).toBe(lineOf(source, 'thread.start(); // leak'));
  });

  it('attaches to a JVM that handles no signals, which would end it', async () => {
    const target = await start('sound', ['-Xrs']);
    const connection = await target.connect();
    expect((await connection.floor()).heapUsed).toBeGreaterThan(0);
    await connection.close();
    await target.drive(1);
  });

  it('ends the recording that a plateau has left in a JVM of somebody else, and says where there is none', async () => {
    const target = await start('list');
    const connection = await target.connect();
    expect(await closeLeftRecording(target.pid)).toBeUndefined();
    await connection.beginRecording!();
    expect(await closeLeftRecording(target.pid)).toBe(true);
    expect(await closeLeftRecording(target.pid)).toBeUndefined();
  });
});
