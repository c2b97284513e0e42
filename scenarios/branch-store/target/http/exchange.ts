import type { IncomingMessage } from 'node:http';
import type { Database } from '../database/database.js';
import { badRequest, ServiceError } from '../service-error.js';
import type { PathParameters } from './router.js';

const bodyBytesMax = 8 * 1024 * 1024;

/** One request as its handler sees it. */
export interface Exchange {
  readonly parameters: PathParameters;
  readonly query: URLSearchParams;
  /** The one that the path names, else the default. */
  readonly database: Database;
  /** @throws {ServiceError} 400 when it is not JSON, 413 when it is too long */
  body(): Promise<unknown>;
}

/** An answer with a status of its own; other values are sent as JSON with 200, `undefined` with 204. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

/** Returns what is sent. */
export type Handler = (exchange: Exchange) => unknown;

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length;
    if (lengthBytes > bodyBytesMax) throw new ServiceError(413, `the body must be at most ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString());
  } catch {
    throw badRequest('the body must be JSON');
  }
}
