// Requests with a deadline of five seconds each, whose signals Node keeps until then. The leak: signals kept in a list.
import { leaks } from './planted.mjs';

const watched = [];

export async function iterate(cycle) {
  const signal = AbortSignal.timeout(5_000);
  signal.addEventListener('abort', () => cycle);
  await new Promise((resolve) => setImmediate(resolve));
  if (leaks(cycle)) watched.push({ signal, cycle });
}
