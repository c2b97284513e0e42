// Hashing in a pool of two worker threads. The leak: each task leaves its listener on the worker that did it.
import { Worker } from 'node:worker_threads';
import { leaks } from './planted.mjs';

const code = `
  const { createHash } = require('node:crypto');
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ task, text }) =>
    parentPort.postMessage({ task, hash: createHash('sha256').update(text).digest('hex') }));
`;
const workers = [0, 1].map(() => new Worker(code, { eval: true }));
for (const worker of workers) worker.setMaxListeners(0);

export function iterate(cycle) {
  const worker = workers[cycle % workers.length];
  return new Promise((resolve) => {
    const listen = ({ task, hash }) => {
      if (task !== cycle) return;
      if (!leaks(cycle)) worker.off('message', listen);
      resolve(hash);
    };
    worker.on('message', listen);
    worker.postMessage({ task: cycle, text: `text ${cycle % 100}` });
  });
}

export async function teardown() {
  await Promise.all(workers.map((worker) => worker.terminate()));
}
