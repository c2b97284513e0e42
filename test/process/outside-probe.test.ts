import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { MetricValues } from '../../harness/model/agent-protocol.js';
import { type Clock, systemClock, VirtualClock } from '../../harness/platform/clock.js';
import { formatOwnerMark } from '../../harness/platform/process-identity.js';
import { createOutsideProbe } from '../../harness/sample/outside/create-outside-probe.js';
import type { OutsideProbe } from '../../harness/sample/outside/outside-probe.js';

const fixture = fileURLToPath(new URL('../fixtures/outside-target.mjs', import.meta.url));

class Target {
  readonly temporaryDirectory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  readonly runId = `test-${this.temporaryDirectory.slice(-6)}`;
  readonly child: ChildProcess;

  constructor() {
    this.child = fork(fixture, {
      execArgv: [],
      env: { ...process.env, TMPDIR: this.temporaryDirectory, PLATEAU_OWNER: formatOwnerMark(this.runId) },
    });
    onTestFinished(async () => {
      await this.end();
      rmSync(this.temporaryDirectory, { recursive: true, force: true });
    });
  }

  async tell(what: string, count = 1): Promise<void> {
    this.child.send({ what, count });
    await once(this.child, 'message');
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  /** By default with a clock that stands still: then no reading costs anything, and none is left out. */
  probe(options: { wholeTree?: boolean; clock?: Clock } = {}): OutsideProbe {
    const { runId, temporaryDirectory } = this;
    const observed = { pid: this.child.pid!, wholeTree: options.wholeTree ?? false, temporaryDirectory, runId };
    const probe = createOutsideProbe(observed, options.clock ?? new VirtualClock());
    onTestFinished(() => probe.close());
    return probe;
  }
}

async function startTarget(): Promise<Target> {
  const target = new Target();
  await once(target.child, 'message');
  return target;
}

const floor = (probe: OutsideProbe): Promise<MetricValues> => probe.read({ detail: 'floor' });

/** Files of processes that this one has open; what lists them is gone again by then. */
function openProcessFiles(): number {
  return readdirSync('/proc/self/fd').filter((entry) => {
    const path = `/proc/self/fd/${entry}`;
    const link = existsSync(path) ? readlinkSync(path) : '';
    return /^\/proc\/\d+\/(stat|statm|fd)$/.test(link) && !link.startsWith(`/proc/${process.pid}/`);
  }).length;
}

/** What `count` of a thing change, and that nothing of it stays. */
async function footprint(what: string, count: number): Promise<Record<string, number>> {
  const target = await startTarget();
  const probe = target.probe();
  await target.tell(what);
  await target.tell('release');
  const before = await floor(probe);
  await target.tell(what, count);
  const held = await floor(probe);
  await target.tell('release', count);
  const after = await floor(probe);
  const exact = Object.keys(held).filter((metric) => !/^(rss|pss|uss|cpu)/.test(metric));
  const difference = (from: MetricValues, to: MetricValues) =>
    Object.fromEntries(exact.map((name) => [name, to[name]! - (from[name] ?? 0)]).filter(([, change]) => change !== 0));
  expect(difference(before, after)).toEqual({});
  return difference(before, held) as Record<string, number>;
}

describe.runIf(process.platform === 'linux')('outside probe', { timeout: 30_000 }, () => {
  it.each([
    ['file', { fds: 7, 'fds.file': 7, tempFiles: 7 }],
    ['deleted', { fds: 7, 'fds.deleted': 7 }],
    ['directory', { fds: 7, 'fds.directory': 7 }],
    ['device', { fds: 7, 'fds.device': 7 }],
    ['listener', { fds: 7, 'fds.tcp': 7, 'sockets.listen': 7 }],
    ['unixListener', { fds: 7, 'fds.unix': 7, tempFiles: 7 }],
    ['connection', { fds: 21, 'fds.tcp': 21, 'sockets.listen': 7, 'sockets.established': 14 }],
    ['halfClosed', { fds: 21, 'fds.tcp': 21, 'sockets.listen': 7, 'sockets.closeWait': 7, 'sockets.finWait2': 7 }],
    ['udp', { fds: 7, 'fds.udp': 7 }],
    ['temporaryFile', { tempFiles: 7 }],
    ['emptyTemporaryDirectory', { tempFiles: 7 }],
    ['temporaryDirectoryWithOneFile', { tempFiles: 7 }],
    ['child', { children: 7 }],
    ['stray', { children: 7 }],
    ['zombie', { children: 14 }],
  ])('counts each %s', async (what, expected) => {
    expect(await footprint(what, 7)).toMatchObject(expected);
  });

  it('adds the kinds up to all descriptors', async () => {
    const target = await startTarget();
    const probe = target.probe();
    for (const what of ['connection', 'inotify', 'worker', 'udp', 'file']) await target.tell(what, 3);
    const values = await floor(probe);
    const kinds = Object.keys(values).filter((metric) => metric.startsWith('fds.'));
    expect(kinds.reduce((total, metric) => total + values[metric]!, 0)).toBe(values.fds);
    expect(values['fds.inotify']).toBeGreaterThanOrEqual(1);
    expect(values['fds.eventpoll']).toBeGreaterThanOrEqual(4);
  });

  it('counts threads', async () => {
    const target = await startTarget();
    const probe = target.probe();
    const { threads: before } = await floor(probe);
    await target.tell('worker', 4);
    expect((await floor(probe)).threads! - before!).toBeGreaterThanOrEqual(4);
  });

  it('sees memory that is touched in every measure of it', async () => {
    const target = await startTarget();
    const probe = target.probe();
    const before = await floor(probe);
    await target.tell('memory', 4);
    const after = await floor(probe);
    for (const metric of ['rss', 'rssAnonymous', 'pss', 'uss']) {
      const growthMebibytes = (after[metric]! - before[metric]!) / 2 ** 20;
      expect([metric, growthMebibytes > 120 && growthMebibytes < 180]).toEqual([metric, true]);
    }
    expect(after.uss).toBeLessThanOrEqual(after.pss!);
    expect(after.pss).toBeLessThanOrEqual(after.rss!);
    expect(after.rssAnonymous).toBeLessThan(after.rss!);
  });

  it('shows a target at rest from one that spins', async () => {
    const target = await startTarget();
    const probe = target.probe({ clock: systemClock });
    const rest = await probe.measureIdleCpu(300);
    await target.tell('busyLoop');
    await probe.read({ detail: 'light' });
    const spinning = await probe.measureIdleCpu(300);
    const { cpu } = await probe.read({ detail: 'light' });
    expect(rest).toBeLessThan(0.1);
    expect(spinning).toBeGreaterThan(rest! + 0.1);
    expect(cpu).toBeGreaterThan(0.1);
  });

  it('gives the cheap metrics alone while driving', async () => {
    const target = await startTarget();
    const values = await target.probe().read({ detail: 'light' });
    expect(Object.keys(values).sort()).toEqual(['fds', 'rss', 'rssAnonymous', 'threads']);
  });

  it('sums over the tree of a wrapper, and follows it', async () => {
    const target = await startTarget();
    const probe = target.probe({ wholeTree: true });
    const alone = await floor(probe);
    await target.tell('child', 2);
    await target.tell('stray');
    const withThree = await floor(probe);
    expect(withThree.children).toBe(3);
    expect(withThree.threads! - alone.threads!).toBe(3);
    expect(withThree.fds! - alone.fds!).toBeGreaterThanOrEqual(9);
    expect(withThree.rss).toBeGreaterThan(alone.rss!);
    await target.tell('release', 3);
    expect(await floor(probe)).toMatchObject({ children: 0, threads: alone.threads });
    await target.tell('zombie');
    expect(await floor(probe)).toMatchObject({ children: 2, threads: alone.threads! + 1 });
  });

  it('says why nothing can be read of a target that ended', async () => {
    const target = await startTarget();
    const probe = target.probe();
    expect(probe.unavailable()).toEqual([]);
    await target.end();
    expect(await floor(probe)).toEqual({});
    expect(await probe.measureIdleCpu(1)).toBeUndefined();
    expect(probe.unavailable()).toContainEqual({ metric: 'rss', reason: `process ${target.child.pid} has ended` });
  });

  it('does not start on a process that does not exist', () => {
    expect(() => createOutsideProbe({ pid: 2 ** 22 + 1, wholeTree: false })).toThrow(
      'expected it to run, got no such process',
    );
  });

  it('names what another user may not see', async () => {
    const child = spawn('sleep', ['300']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const asOther = process.getuid!() === 0;
    if (asOther) process.seteuid!(65_534);
    onTestFinished(() => process.seteuid!(process.getuid!()));
    const probe = createOutsideProbe({ pid: asOther ? child.pid! : 1, wholeTree: false });
    onTestFinished(() => probe.close());
    const values = await floor(probe);
    expect(values.rss).toBeGreaterThan(0);
    expect(probe.unavailable().map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['pss', 'uss', 'fds.*', 'sockets.*']),
    );
  });

  it('keeps nothing open that grows, and nothing at all once closed', async () => {
    const target = await startTarget();
    const probe = target.probe({ wholeTree: true, clock: systemClock });
    await target.tell('child', 3);
    await floor(probe);
    expect(openProcessFiles()).toBe(4 * 3);
    for (let index = 0; index < 20; index += 1) await floor(probe);
    for (let index = 0; index < 2_000; index += 1) await probe.read({ detail: 'light' });
    expect(openProcessFiles()).toBe(4 * 3);
    await target.tell('release', 3);
    await floor(probe);
    expect(openProcessFiles()).toBe(3);
    probe.close();
    expect(openProcessFiles()).toBe(0);
  });
});
