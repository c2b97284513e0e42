import { setTimeout as wait } from 'node:timers/promises';

const intervalMs = 10_000;

/** Pings a peer until it is gone, so that routers on the way do not forget the connection. */
export async function keepAlive(ping: () => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    await wait(intervalMs, undefined, { signal, ref: false });
    ping();
  }
}
