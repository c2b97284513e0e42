import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

const built = (name: string) => createRequire(import.meta.url).resolve(`../../dist/harness/agent/${name}.cjs`);

/** A thread that writes 300 messages of 4 KB each between two floors, keeps them or not, and prints by how much it grew. */
const program = `
const { WorkerThreads } = require(${JSON.stringify(built('worker-threads'))});
const { createCollector } = require(${JSON.stringify(built('collector'))});
const { Worker, isMainThread, parentPort } = require('node:worker_threads');
const kept = [];
const write = (messages) => {
  for (let message = 0; message < messages; message += 1) {
    const text = String(message).padEnd(4_096, process.argv[2]);
    console.error(text);
    if (process.argv[2] === 'keeps') kept.push(text);
  }
};
// What a worker writes is its own until the main thread has taken it.
if (!isMainThread) parentPort.on('message', (messages) => {
  write(messages);
  process.stderr.write('', () => parentPort.postMessage(kept.length));
});
else void (async () => {
  const workers = new WorkerThreads();
  const collector = createCollector();
  const worker = process.argv[3] === 'worker' ? new Worker(__filename, { argv: process.argv.slice(2) }) : undefined;
  const work = (messages) => worker === undefined ? write(messages) : new Promise((done) => {
    worker.once('message', done);
    worker.postMessage(messages);
  });
  const floor = async () => {
    const { workerHeapUsed } = await workers.read(20, 4_096);
    await collector.settle(20, 4_096);
    return worker === undefined ? process.memoryUsage().heapUsed : workerHeapUsed;
  };
  await work(50);
  for (let reading = 0; reading < 3; reading += 1) await floor();
  const before = await floor();
  await work(300);
  console.log(await floor() - before);
  process.exit();
})();
`;

test.each(['main', 'worker'])(
  'what a %s thread writes to the console is not held by being looked at',
  async (thread) => {
    const script = join(temporaryDirectory(), 'writes.cjs');
    writeFileSync(script, program);
    const grownBytes = async (keeps: string) =>
      Number((await execa(process.execPath, [script, keeps, thread], { stderr: 'ignore' })).stdout);
    const half = 150 * 4_096;
    expect(await grownBytes('lets go')).toBeLessThan(half);
    expect(await grownBytes('keeps')).toBeGreaterThan(half);
  },
);
