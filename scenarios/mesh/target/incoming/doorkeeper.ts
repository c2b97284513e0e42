import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RemoteInfo } from 'node:dgram';
import { isSignedBy } from '../../protocol/identity.js';
import { protocolVersion, tokenBytes } from '../../protocol/packets.js';
import type { Incoming, Verdict } from './incoming.js';

/** Decides who may come in. */
export class Doorkeeper {
  readonly #secret = randomBytes(32);
  readonly #blocked: ReadonlySet<string>;

  /** @param blocked names of peers that are not even answered */
  constructor(blocked: readonly string[]) {
    this.#blocked = new Set(blocked);
  }

  /** @throws {Error} when the visitor's parameters are not JSON */
  decide({ initial, from }: Incoming): Verdict {
    const { connectionId, key, signature, token, parameters } = initial;
    const name = key.toString('base64url');
    if (this.#blocked.has(name)) return 'ignore';
    if (!timingSafeEqual(token, this.tokenFor(from))) return 'retry';
    const { version } = JSON.parse(parameters.toString()) as { version?: unknown };
    return version === protocolVersion && isSignedBy(name, connectionId, signature) ? 'accept' : 'refuse';
  }

  /** Only who receives at this address can know it. */
  tokenFor({ address, port }: RemoteInfo): Buffer {
    return createHmac('sha256', this.#secret).update(`${address}:${port}`).digest().subarray(0, tokenBytes);
  }
}
