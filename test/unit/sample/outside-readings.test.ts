import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { metricDefinition } from '../../../harness/model/metric.js';
import { systemClock, VirtualClock } from '../../../harness/platform/clock.js';
import { CostLimiter } from '../../../harness/sample/outside/cost-limiter.js';
import { type CpuReading, coresBetween } from '../../../harness/sample/outside/cpu-meter.js';
import { createOutsideProbe } from '../../../harness/sample/outside/create-outside-probe.js';
import { kindOfAnonymous } from '../../../harness/sample/outside/descriptor-scan.js';
import { PortableProbe } from '../../../harness/sample/outside/portable-probe.js';
import { countTemporaryFiles } from '../../../harness/sample/outside/temporary-files.js';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('kindOfAnonymous', () => {
  it.each([
    ['pipe:[123]', 'pipe'],
    ['socket:[123]', 'socket'],
    ['pidfd:[7]', 'pidfd'],
    ['anon_inode:[eventpoll]', 'eventpoll'],
    ['anon_inode:[eventfd]', 'eventfd'],
    ['anon_inode:[timerfd]', 'timerfd'],
    ['anon_inode:inotify', 'inotify'],
    ['anon_inode:[io_uring]', 'ioUring'],
    ['anon_inode:bpf-map', 'anonymous'],
    ['net:[4026531840]', 'anonymous'],
  ])('%s is of kind %s', (link, kind) => expect(kindOfAnonymous(link)).toBe(kind));
});

describe('CostLimiter', () => {
  it('allows the first, and another when the cost has become small against the time', async () => {
    const clock = new VirtualClock();
    const limiter = new CostLimiter(clock, 1);
    expect(limiter.allows(0.01)).toBe(true);
    limiter.measure(() => void clock.wait(10));
    expect(limiter.allows(0.01)).toBe(false);
    await clock.wait(200);
    expect([limiter.allows(0.01), limiter.allows(0.1)]).toEqual([false, true]);
    await clock.wait(800);
    expect(limiter.allows(0.01)).toBe(true);
  });

  it('always allows what is cheap', () => {
    const clock = new VirtualClock();
    const limiter = new CostLimiter(clock, 5);
    limiter.measure(() => void clock.wait(5));
    expect(limiter.allows(0.000_1)).toBe(true);
  });

  it('counts a reading that fails', () => {
    const clock = new VirtualClock();
    const limiter = new CostLimiter(clock);
    const failing = () => {
      void clock.wait(10);
      throw new Error('denied');
    };
    expect(() => limiter.measure(failing)).toThrow('denied');
    expect(limiter.allows(0.01)).toBe(false);
  });
});

describe('coresBetween', () => {
  const reading = (atMs: number, ticks: number, threads: Record<string, number>): CpuReading => ({
    atMs,
    ticks,
    threadNanoseconds: new Map(Object.entries(threads)),
  });

  it('adds up what each thread used, new ones from their start', () => {
    const before = reading(0, 0, { '1/1': 500e6, '1/2': 100e6 });
    const after = reading(1000, 0, { '1/1': 700e6, '1/2': 100e6, '1/3': 50e6 });
    expect(coresBetween(before, after)).toBeCloseTo(0.25);
  });

  it('makes up for threads that ended from the ticks of the process', () => {
    const before = reading(0, 100, { '1/1': 500e6, '1/2': 100e6 });
    const after = reading(1000, 182, { '1/1': 500e6 });
    expect(coresBetween(before, after)).toBeCloseTo(0.8);
  });

  it('does not take the ticks for more than they are', () => {
    const before = reading(0, 100, { '1/1': 500e6, '1/2': 100e6 });
    expect(coresBetween(before, reading(1000, 101, { '1/1': 503e6 }))).toBeCloseTo(0.003);
  });

  it('takes a thread id that was used again for a new thread', () => {
    expect(coresBetween(reading(0, 0, { '1/1': 900e6 }), reading(500, 0, { '1/1': 100e6 }))).toBeCloseTo(0.2);
  });

  it('counts ticks where the kernel counts nothing finer', () => {
    expect(coresBetween(reading(0, 100, {}), reading(2000, 150, {}))).toBeCloseTo(0.25);
  });
});

describe('countTemporaryFiles', () => {
  it('counts files, links and empty directories', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'full', 'deep'), { recursive: true });
    mkdirSync(join(directory, 'empty'));
    writeFileSync(join(directory, 'full', 'deep', 'file'), '');
    symlinkSync('/', join(directory, 'root'));
    symlinkSync('/nowhere', join(directory, 'nowhere'));
    expect(countTemporaryFiles(directory)).toBe(4);
  });

  it('is 0 for an empty directory and for none', () => {
    const directory = temporaryDirectory();
    expect(countTemporaryFiles(directory)).toBe(0);
    expect(countTemporaryFiles(join(directory, 'missing'))).toBe(0);
  });
});

describe('without /proc', () => {
  it('memory and CPU come from pidusage, and the rest is named', async () => {
    const probe = new PortableProbe(
      { pid: process.pid, wholeTree: false, temporaryDirectory: temporaryDirectory() },
      systemClock,
      true,
    );
    onTestFinished(() => probe.close());
    const values = await probe.read({ detail: 'floor' });
    expect(Object.keys(values).sort()).toEqual(['cpu', 'rss', 'tempFiles']);
    expect(values.rss).toBeGreaterThan(10 * 2 ** 20);
    expect(values.cpu).toBeGreaterThanOrEqual(0);
    expect(probe.unavailable().map(({ metric }) => metric)).toEqual(
      expect.arrayContaining(['fds', 'threads', 'children', 'pss']),
    );
    expect(await probe.measureIdleCpu(10)).toBeGreaterThanOrEqual(0);
  });

  it('a process that is gone has no values', async () => {
    const probe = new PortableProbe({ pid: 2 ** 22 + 1, wholeTree: false }, systemClock, true);
    onTestFinished(() => probe.close());
    expect(await probe.read({ detail: 'light' })).toEqual({});
    expect(probe.unavailable()).toContainEqual({
      metric: 'rss',
      reason: expect.stringContaining('cannot be read'),
    });
  });
});

describe('names of what is read', () => {
  it('are names of metrics that plateau knows', async () => {
    const probe = createOutsideProbe({ pid: process.pid, wholeTree: true, temporaryDirectory: temporaryDirectory() });
    onTestFinished(() => probe.close());
    const names = Object.keys(await probe.read({ detail: 'floor' }));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => metricDefinition(name) === undefined)).toEqual([]);
  });
});
