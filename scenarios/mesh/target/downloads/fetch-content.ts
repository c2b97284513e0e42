import { once } from 'node:events';
import { connect } from 'node:net';

export interface ContentSource {
  /** Port of the provider on this machine. */
  readonly port: number;
  readonly hash: string;
}

/**
 * Reads a content from its provider: the hash goes out on a line, the bytes come back until the end.
 * The connection is gone when the reading is, however it ends.
 */
export async function* fetchContent({ port, hash }: ContentSource, signal: AbortSignal): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const socket = connect({ port, host: '127.0.0.1' });
  const cut = () => socket.destroy(new Error('content: nobody wants it any more'));
  signal.addEventListener('abort', cut, { once: true });
  try {
    await once(socket, 'connect');
    socket.write(`${hash}\n`);
    for await (const chunk of socket as AsyncIterable<Buffer>) yield chunk;
  } finally {
    signal.removeEventListener('abort', cut);
    socket.destroy();
  }
}
