import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

/** An ed25519 key pair. */
export interface Identity {
  /** The public key in base64url: the name that peers know each other by. */
  readonly name: string;
  sign(bytes: Uint8Array): Buffer;
}

export function createIdentity(): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = publicKey.export({ format: 'jwk' }).x!;
  return { name, sign: (bytes) => sign(null, bytes, privateKey) };
}

/**
 * Whether the peer of that name signed the bytes.
 * @throws {Error} when the name is no public key at all
 */
export function isSignedBy(name: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: name }, format: 'jwk' });
  return verify(null, bytes, key, signature);
}
