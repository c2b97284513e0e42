// Requests that carry their context in async-local storage. The leak: a chain of promises that is never cut.
import { AsyncLocalStorage } from 'node:async_hooks';
import { leaks } from './planted.mjs';

const storage = new AsyncLocalStorage();
const shutdown = new Promise(() => {});

async function handle() {
  await new Promise((resolve) => setImmediate(resolve));
  return storage.getStore().requestId;
}

export function iterate(cycle) {
  return storage.run({ requestId: cycle, trace: [cycle, 'in'] }, async () => {
    const handled = handle();
    if (leaks(cycle)) await Promise.race([handled, shutdown]);
    else await handled;
  });
}
