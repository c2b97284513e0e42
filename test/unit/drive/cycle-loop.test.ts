import { describe, expect, it, vi } from 'vitest';
import { CycleLoop, type DrivenOperation } from '../../../harness/drive/cycle-loop.js';
import { roundSize } from '../../../harness/drive/round-mix.js';

const round = { round: 0, cycles: 40, concurrency: 4, seed: 7 };

function tracked(name: string, weight = 1): DrivenOperation & { live: Set<number>; most: number; seen: number[] } {
  const live = new Set<number>();
  return {
    name,
    weight,
    live,
    most: 0,
    seen: [],
    async create(cycle) {
      live.add(cycle);
      this.seen.push(cycle);
      this.most = Math.max(this.most, live.size);
      await Promise.resolve();
      return cycle;
    },
    async destroy(handle) {
      await Promise.resolve();
      live.delete(handle as number);
    },
  };
}

describe('CycleLoop', () => {
  it('goes on with the numbers of a pass before', async () => {
    const operation = tracked('session');
    await new CycleLoop([operation], 500).drive({ ...round, cycles: 3 });
    expect(operation.seen.toSorted()).toEqual([500, 501, 502]);
  });

  it('destroys everything that it created, and numbers cycles without a gap', async () => {
    const operation = tracked('session');
    const loop = new CycleLoop([operation]);
    const first = await loop.drive(round);
    const second = await loop.drive({ ...round, round: 1 });
    expect(operation.live.size).toBe(0);
    expect(operation.seen.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 80 }, (_, cycle) => cycle),
    );
    expect([first, second].map(({ created, destroyed, failed }) => ({ created, destroyed, failed }))).toEqual([
      { created: 40, destroyed: 40, failed: 0 },
      { created: 40, destroyed: 40, failed: 0 },
    ]);
    expect(loop.finished).toBe(80);
  });

  it('begins no cycle once its time is over, and ends those under way', async () => {
    const operation = tracked('session');
    const loop = new CycleLoop([operation]);
    const outcome = await loop.drive({ ...round, cycles: 1e9, maxMs: 20 });
    expect(outcome.created).toBeLessThan(1e9);
    expect(outcome.created).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ destroyed: outcome.created, cyclesByOperation: { session: outcome.created } });
    expect(operation.live.size).toBe(0);
  });

  it('drives a cycle also where its time is over before the first', async () => {
    const operation = tracked('session');
    const outcome = await new CycleLoop([operation]).drive({ ...round, cycles: 9, concurrency: 2, maxMs: 0 });
    expect(outcome).toMatchObject({ created: 1, destroyed: 1 });
  });

  it('shows which calls have not returned', async () => {
    let letGo: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const loop = new CycleLoop([
      { name: 'upload', weight: 1, create: (cycle) => (cycle === 5 ? answer : cycle), destroy: () => undefined },
    ]);
    const driven = loop.drive({ ...round, cycles: 9, concurrency: 2 });
    await vi.waitFor(() => expect(loop.progress.finished).toBe(8));
    expect(loop.progress).toEqual({ finished: 8, succeeded: 8, underWay: { 'upload.create': 1 } });
    letGo();
    await driven;
    expect(loop.progress).toEqual({ finished: 9, succeeded: 9, underWay: {} });
  });

  it('keeps as many cycles under way as asked for, and no more', async () => {
    const operation = tracked('session');
    await new CycleLoop([operation]).drive(round);
    expect(operation.most).toBe(4);
  });

  it('runs destroy when another cycle fails, and counts failures by phase and kind', async () => {
    const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const destroyed: number[] = [];
    const loop = new CycleLoop([
      {
        name: 'upload',
        weight: 1,
        create: (cycle) => (cycle % 4 === 0 ? Promise.reject(reset) : cycle),
        destroy: (handle) => {
          destroyed.push(handle as number);
          if (handle === 3) throw new TypeError('no such upload');
        },
      },
    ]);
    const outcome = await loop.drive({ ...round, cycles: 8 });
    expect(destroyed.toSorted()).toEqual([1, 2, 3, 5, 6, 7]);
    expect(outcome).toMatchObject({ created: 6, destroyed: 5, failed: 3 });
    expect(outcome.failures).toEqual([
      { operation: 'upload', phase: 'create', kind: 'ECONNRESET', count: 2, message: 'socket hang up' },
      {
        operation: 'upload',
        phase: 'destroy',
        kind: 'TypeError',
        count: 1,
        message: expect.stringMatching(/^no such upload at .*cycle-loop\.test\.ts:\d+:\d+$/),
      },
    ]);
  });

  it('shows failures of one round apart from those of the next', async () => {
    const loop = new CycleLoop([
      { name: 'a', weight: 1, create: (cycle) => (cycle < 2 ? Promise.reject(new Error('x')) : cycle) },
    ]);
    const first = await loop.drive({ ...round, cycles: 4 });
    const second = await loop.drive({ ...round, round: 1, cycles: 4 });
    expect([first.failed, first.failures.length, second.failed, second.failures.length]).toEqual([2, 1, 0, 0]);
  });

  it('mixes operations by weight, differently from round to round and the same for the same seed', async () => {
    const mixes = async () => {
      const loop = new CycleLoop([tracked('light', 1), tracked('heavy', 3)]);
      const outcomes = [];
      for (let index = 0; index < 20; index += 1)
        outcomes.push(await loop.drive({ ...round, round: index, cycles: 200 }));
      return outcomes.map(({ cyclesByOperation }) => cyclesByOperation);
    };
    const first = await mixes();
    expect(await mixes()).toEqual(first);
    expect(new Set(first.map((mix) => mix.light)).size).toBeGreaterThan(5);
    const light = first.reduce((sum, mix) => sum + mix.light!, 0);
    expect(light / (20 * 200)).toBeGreaterThan(0.15);
    expect(light / (20 * 200)).toBeLessThan(0.4);
  });

  it('starts no cycle once it is aborted, and still destroys what lives', async () => {
    const abort = new AbortController();
    const operation = tracked('session');
    const create = operation.create.bind(operation);
    operation.create = (cycle) => {
      if (cycle === 10) abort.abort();
      return create(cycle);
    };
    const outcome = await new CycleLoop([operation]).drive({ ...round, signal: abort.signal });
    expect(operation.live.size).toBe(0);
    expect(outcome.created).toBeLessThan(16);
    expect(outcome.destroyed).toBe(outcome.created);
  });

  it('counts latency from the time that was meant when cycles come at a rate', async () => {
    const waits = [60, 0, 0, 0];
    const loop = new CycleLoop([
      {
        name: 'request',
        weight: 1,
        // The first cycle blocks the event loop: those that were due meanwhile are late, and must be reported so.
        create: (cycle) => {
          const until = performance.now() + waits[cycle]!;
          while (performance.now() < until);
        },
      },
    ]);
    const outcome = await loop.drive({ ...round, cycles: 4, ratePerSecond: 200 });
    expect(outcome.roundLatency['request.create']!.count).toBe(4);
    expect(outcome.roundLatency['request.create']!.p50).toBeGreaterThan(40);
  });

  it.each([
    ['at once', undefined],
    ['at a rate that they cannot keep', 100_000],
  ])('gives timers their turn while synchronous cycles are driven %s', async (_, ratePerSecond) => {
    const fired: boolean[] = [];
    let hasFired = false;
    const create = () => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      fired.push(hasFired);
    };
    setTimeout(() => {
      hasFired = true;
    }, 1);
    await new CycleLoop([{ name: 'sum', weight: 1, create }]).drive({
      ...round,
      ...(ratePerSecond && { ratePerSecond }),
    });
    expect([fired[0], fired.at(-1)]).toEqual([false, true]);
  });
});

describe('roundSize', () => {
  it('lies between half and one and a half times the mean, by seed', () => {
    const sizes = Array.from({ length: 500 }, (_, index) => roundSize(100, 3, index));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(150);
    expect(new Set(sizes).size).toBeGreaterThan(60);
    expect(sizes).toEqual(Array.from({ length: 500 }, (_, index) => roundSize(100, 3, index)));
    expect(roundSize(1, 3, 0)).toBe(1);
  });
});
