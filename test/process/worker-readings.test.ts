import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type * as sites from '../../harness/agent/attribution-sites.cjs';
import type * as workerThreads from '../../harness/agent/worker-threads.cjs';

const require = createRequire(import.meta.url);
const { WorkerThreads } = require('../../dist/harness/agent/worker-threads.cjs') as typeof workerThreads;
const { sharesOf } = require('../../dist/harness/agent/attribution-sites.cjs') as typeof sites;

const started: BlockingWorker[] = [];
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.end();
});

/** Blocks while it idles, and keeps what it is sent where it is asked to. */
class BlockingWorker {
  private readonly posted = new Int32Array(new SharedArrayBuffer(8));
  private readonly worker = new Worker(
    `const { parentPort, receiveMessageOnPort, workerData: posted } = require('node:worker_threads');
     const kept = [];
     for (let seen = 0; ; seen = Atomics.load(posted, 0)) {
       Atomics.wait(posted, 0, seen);
       for (let task = receiveMessageOnPort(parentPort); task !== undefined; task = receiveMessageOnPort(parentPort))
         for (let index = 0; index < task.message; index += 1) kept.push({ index, at: [index] });
       Atomics.add(posted, 1, 1);
     }`,
    { eval: true, workerData: this.posted },
  );

  constructor() {
    started.push(this);
  }

  /** @returns when it idles again */
  async keep(objects: number): Promise<void> {
    const done = Atomics.load(this.posted, 1);
    this.worker.postMessage(objects);
    Atomics.add(this.posted, 0, 1);
    Atomics.notify(this.posted, 0);
    while (Atomics.load(this.posted, 1) === done) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

const objectBytes = 80;

test('heaps of workers that block are read, by what they have grown', async () => {
  const threads = new WorkerThreads();
  expect(await threads.read(5, 4_096)).toEqual({});
  const [one, other] = [new BlockingWorker(), new BlockingWorker()];
  for (const worker of [one, other]) await worker.keep(10);
  const grown = async () => (await threads.read(5, 4_096)).workerHeapUsed!;
  for (let floor = 0; floor < 3; floor += 1) await grown();
  const before = await grown();
  await one.keep(10_000);
  await other.keep(5_000);
  const both = (await grown()) - before;
  expect(both).toBeGreaterThan(15_000 * objectBytes * 0.8);
  expect(both).toBeLessThan(15_000 * objectBytes * 1.5);
  // What workers kept goes with them, once the inspector has noticed their end.
  for (const worker of [one, other]) await worker.end();
  await grown();
  expect(await grown()).toBe(0);
});

test('workers that end while they are read are neither kept from ending nor waited for', async () => {
  const threads = new WorkerThreads();
  for (let turn = 0; turn < 8; turn += 1) {
    const worker = new BlockingWorker();
    await worker.keep(100);
    await threads.read(5, 4_096);
    const reading = threads.read(5, 4_096);
    await new Promise((resolve) => setTimeout(resolve, 45 + 5 * turn));
    await worker.end();
    await reading;
  }
  expect((await threads.read(5, 4_096)).workerHeapUsed).toBe(0);
});

test('workers have equal parts of what they keep as far as samples show', () => {
  const profile = (samples: number) => ({
    head: undefined as never,
    samples: Array.from({ length: samples }, () => ({ nodeId: 1, size: 100 })),
  });
  expect(sharesOf([profile(12), profile(18)])).toEqual([0.5, 0.5]);
  expect(sharesOf([profile(30), profile(0), profile(10)])).toEqual([0.75, 0, 0.25]);
  expect(sharesOf([profile(0)])).toEqual([1]);
});
