/** First byte of a datagram. */
export const packetKind = {
  initial: 1,
  accept: 2,
  refuse: 3,
  retry: 4,
  close: 5,
  ping: 6,
  pong: 7,
} as const;
export type PacketKind = (typeof packetKind)[keyof typeof packetKind];

export const connectionIdBytes = 8;
const keyBytes = 32;
const signatureBytes = 64;
export const tokenBytes = 16;
export const protocolVersion = 1;

/** What a visitor sends first. Layout: kind, connection id, key, signature of the id, token (zeros: none), parameters. */
export interface InitialPacket {
  readonly connectionId: Buffer;
  /** Public key of the visitor. */
  readonly key: Buffer;
  readonly signature: Buffer;
  /** Proof that the visitor's address is its own; all zeros at first. */
  readonly token: Buffer;
  /** JSON, padded with blanks. */
  readonly parameters: Buffer;
}

const initialBytes = 1 + connectionIdBytes + keyBytes + signatureBytes + tokenBytes;

/** A datagram of a kind for a connection. */
export function encodePacket(kind: PacketKind, connectionId: Buffer, rest?: Buffer): Buffer {
  return Buffer.concat([Buffer.of(kind), connectionId, ...(rest === undefined ? [] : [rest])]);
}

export function encodeInitial({ connectionId, key, signature, token, parameters }: InitialPacket): Buffer {
  return encodePacket(packetKind.initial, connectionId, Buffer.concat([key, signature, token, parameters]));
}

export interface Packet {
  readonly kind: number;
  readonly connectionId: Buffer;
  readonly rest: Buffer;
}

/** `undefined` when it is too short to be one. */
export function decodePacket(datagram: Buffer): Packet | undefined {
  if (datagram.length < 1 + connectionIdBytes) return undefined;
  return {
    kind: datagram[0]!,
    connectionId: datagram.subarray(1, 1 + connectionIdBytes),
    rest: datagram.subarray(1 + connectionIdBytes),
  };
}

/** Views on the datagram, nothing is copied. `undefined` when it is no initial packet. */
export function decodeInitial(datagram: Buffer): InitialPacket | undefined {
  if (datagram.length < initialBytes || datagram[0] !== packetKind.initial) return undefined;
  let offset = 1;
  const take = (bytes: number) => {
    offset += bytes;
    return datagram.subarray(offset - bytes, offset);
  };
  return {
    connectionId: take(connectionIdBytes),
    key: take(keyBytes),
    signature: take(signatureBytes),
    token: take(tokenBytes),
    parameters: datagram.subarray(offset),
  };
}
