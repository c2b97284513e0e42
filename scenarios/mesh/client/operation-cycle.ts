import type { CycleContext } from '../../../harness/index.js';
import { type SignedOperation, signOperation } from '../protocol/operation.js';
import { knownIdentity, residentPeer } from './connections.js';

const bodyCharacters = 256;

/** Publishes an operation of one of the known authors. */
export async function publish({ target, cycle, input }: CycleContext): Promise<SignedOperation> {
  const body = `${cycle} `.padEnd(bodyCharacters, 'lorem ipsum ');
  const operation = signOperation(knownIdentity(input), { sequence: cycle, topic: `room/${input % 16}`, body });
  await residentPeer.of(target).ask({ type: 'publish', operation });
  return operation;
}

/** The author takes it back; nothing is left to do where the store has made room already. */
export async function takeBack({ hash }: SignedOperation, { target }: CycleContext): Promise<void> {
  await residentPeer.of(target).ask({ type: 'delete', hash });
}
