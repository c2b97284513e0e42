import { once } from 'node:events';
import { connect } from 'node:net';

export interface Report {
  readonly environment: number;
  readonly samples: readonly number[];
  readonly stall: boolean;
}

/**
 * Sends the report and waits for the receipt.
 * @throws {Error} when the signal fires first
 */
export async function handInReport(path: string, report: Report, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const socket = connect(path);
  const cut = () => socket.destroy(new Error('collector: no receipt in time'));
  signal?.addEventListener('abort', cut, { once: true });
  try {
    await once(socket, 'connect');
    socket.write(JSON.stringify(report));
    await once(socket, 'data');
  } finally {
    signal?.removeEventListener('abort', cut);
    socket.destroy();
  }
}
