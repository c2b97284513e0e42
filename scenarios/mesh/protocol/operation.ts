import { createHash } from 'node:crypto';
import { type Identity, isSignedBy } from './identity.js';

/** An entry of an author's log. */
export interface Operation {
  readonly author: string;
  readonly sequence: number;
  readonly topic: string;
  readonly body: string;
}

export interface SignedOperation extends Operation {
  /** SHA-256 of the operation, in base64url. */
  readonly hash: string;
  /** Of the hash, in base64url. */
  readonly signature: string;
}

export function signOperation(author: Identity, operation: Omit<Operation, 'author'>): SignedOperation {
  const authored = { ...operation, author: author.name };
  const hash = hashOf(authored);
  return { ...authored, hash, signature: author.sign(Buffer.from(hash)).toString('base64url') };
}

/** @throws {Error} when it was not signed by its author, or changed since */
export function assertSigned(operation: SignedOperation): void {
  if (hashOf(operation) !== operation.hash) throw new Error('operation: the hash is that of another one');
  const signature = Buffer.from(operation.signature, 'base64url');
  if (!isSignedBy(operation.author, Buffer.from(operation.hash), signature)) {
    throw new Error('operation: not signed by its author');
  }
}

function hashOf({ author, sequence, topic, body }: Operation): string {
  return createHash('sha256')
    .update(JSON.stringify([author, sequence, topic, body]))
    .digest('base64url');
}
