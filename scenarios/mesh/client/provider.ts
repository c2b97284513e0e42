import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Content {
  /** SHA-256 in base64url. */
  readonly hash: string;
  readonly bytes: Buffer;
  /** Its provider sends half of it, and then nothing. */
  readonly stalls: boolean;
}

/** A peer that hands out contents over TCP, some of them never to the end. */
export interface Provider {
  readonly port: number;
  /** Contents 0 ... n-1; those with an odd number stall. */
  content(number: number): Content;
  close(): void;
}

const contentBytes = 4 * 1024;
const contentCount = 64;

export async function startProvider(): Promise<Provider> {
  const contents = Array.from({ length: contentCount }, (_, number) => createContent(number));
  const byHash = new Map(contents.map((content) => [content.hash, content]));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', (line) => {
      const content = byHash.get(line.toString().trim());
      if (content === undefined) socket.destroy();
      else if (content.stalls) socket.write(content.bytes.subarray(0, contentBytes / 2));
      else socket.end(content.bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    content: (number) => contents[number % contentCount]!,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createContent(number: number): Content {
  const bytes = Buffer.alloc(contentBytes, `content ${number} `);
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64url'), stalls: number % 2 === 1 };
}
