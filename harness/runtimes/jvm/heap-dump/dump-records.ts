import type { DumpReader } from './dump-reader.js';

/** Types of values, as heap dumps number them. */
const objectType = 2;
const integerTypes: ReadonlySet<number> = new Set([10, 11]);
const primitiveBytes: Readonly<Record<number, number>> = { 4: 1, 5: 2, 6: 4, 7: 8, 8: 1, 9: 2, 10: 4, 11: 8 };
const primitiveNames: Readonly<Record<number, string>> = {
  4: '[Z',
  5: '[C',
  6: '[F',
  7: '[D',
  8: '[B',
  9: '[S',
  10: '[I',
  11: '[J',
};

const tags = { text: 0x01, loadedClass: 0x02, dump: 0x0c, dumpSegment: 0x1c } as const;
/** Roots by tag: their name, and bytes after the identity (in identities, in bytes). */
const roots: Readonly<Record<number, readonly [kind: RootKind, ids: number, bytes: number]>> = {
  255: ['other', 0, 0],
  1: ['other', 1, 0],
  2: ['frame', 0, 8],
  3: ['frame', 0, 8],
  4: ['frame', 0, 4],
  5: ['class', 0, 0],
  6: ['frame', 0, 4],
  7: ['other', 0, 0],
  8: ['thread', 0, 8],
};
const parts = { classDump: 0x20, instance: 0x21, objectArray: 0x22, primitiveArray: 0x23 } as const;

export type RootKind = 'thread' | 'frame' | 'class' | 'other';

export interface DumpedField {
  readonly name: string;
  readonly isReference: boolean;
  /** An `int` or a `long`. */
  readonly isInteger: boolean;
  readonly bytes: number;
}

export interface DumpedClass {
  readonly id: number;
  /** `com.acme.shop.Cart`, `[Ljava.lang.Object;` */
  readonly name: string;
  readonly superId: number;
  /** Of the class itself, without those it inherits. */
  readonly fields: readonly DumpedField[];
  readonly statics: readonly { readonly name: string; readonly target: number }[];
  /** Static fields that are an `int` or a `long`. */
  readonly numbers: readonly { readonly name: string; readonly value: number }[];
}

export interface ArraySize {
  readonly length: number;
  readonly elementBytes: number;
}

/** Takes what a heap dump holds, in the order of the file: HotSpot writes classes before objects. */
export interface DumpVisitor {
  root(id: number, kind: RootKind): void;
  class(dumped: DumpedClass): void;
  /** The fields' values follow: read or skip exactly `bytes`. */
  instance(id: number, classId: number, bytes: number): void;
  /** So many identities follow. */
  objectArray(id: number, classId: number, length: number): void;
  primitiveArray(id: number, className: string, size: ArraySize): void;
}

/**
 * Walks a heap dump in the HPROF format, versions 1.0.1 and 1.0.2.
 * @throws when the file is something else, or cut short
 */
export function readDump(reader: DumpReader, visitor: DumpVisitor): void {
  const texts = new Map<number, string>();
  const classNames = new Map<number, number>();
  readHead(reader);
  while (reader.hasMore()) {
    const tag = reader.u1();
    reader.skip(4);
    const bytes = reader.u4();
    if (tag === tags.text) texts.set(reader.id(), reader.text(bytes - reader.idBytes));
    else if (tag === tags.loadedClass) {
      reader.skip(4);
      const classId = reader.id();
      reader.skip(4);
      classNames.set(classId, reader.id());
    } else if (tag === tags.dump || tag === tags.dumpSegment) {
      const nameOfClass = (id: number) => (texts.get(classNames.get(id) ?? 0) ?? '').replaceAll('/', '.');
      const end = reader.consumed + bytes;
      while (reader.consumed < end) readPart(reader, visitor, { texts, nameOfClass });
    } else reader.skip(bytes);
  }
}

function readHead(reader: DumpReader): void {
  let head = '';
  for (let code = reader.u1(); code !== 0; code = reader.u1()) {
    head += String.fromCharCode(code);
    if (head.length > 20) break;
  }
  if (!/^JAVA PROFILE 1\.0\.[12]$/.test(head)) throw new Error('not a heap dump');
  reader.idBytes = reader.u4();
  reader.skip(8);
}

interface Names {
  readonly texts: ReadonlyMap<number, string>;
  nameOfClass(id: number): string;
}

function readPart(reader: DumpReader, visitor: DumpVisitor, names: Names): void {
  const tag = reader.u1();
  const root = roots[tag];
  if (root !== undefined) {
    const [kind, ids, bytes] = root;
    visitor.root(reader.id(), kind);
    reader.skip(ids * reader.idBytes + bytes);
    return;
  }
  if (tag === parts.classDump) {
    visitor.class(readClass(reader, names));
    return;
  }
  const id = reader.id();
  reader.skip(4);
  if (tag === parts.instance) {
    const classId = reader.id();
    visitor.instance(id, classId, reader.u4());
  } else if (tag === parts.objectArray) {
    const length = reader.u4();
    visitor.objectArray(id, reader.id(), length);
  } else if (tag === parts.primitiveArray) {
    const length = reader.u4();
    const type = reader.u1();
    const elementBytes = bytesOf(type, reader);
    visitor.primitiveArray(id, primitiveNames[type] ?? '', { length, elementBytes });
    reader.skip(length * elementBytes);
  } else throw new Error(`unknown part of a heap dump: ${tag}`);
}

function readClass(reader: DumpReader, { texts, nameOfClass }: Names): DumpedClass {
  const id = reader.id();
  reader.skip(4);
  const superId = reader.id();
  // Loader, signers, protection domain, two that are reserved, and the size of an instance.
  reader.skip(5 * reader.idBytes + 4);
  for (let constants = reader.u2(); constants > 0; constants -= 1) {
    reader.skip(2);
    reader.skip(bytesOf(reader.u1(), reader));
  }
  const statics: { name: string; target: number }[] = [];
  const numbers: { name: string; value: number }[] = [];
  for (let count = reader.u2(); count > 0; count -= 1) {
    const name = texts.get(reader.id()) ?? '';
    const type = reader.u1();
    if (type === objectType) statics.push({ name, target: reader.id() });
    else if (integerTypes.has(type)) numbers.push({ name, value: reader.integer(bytesOf(type, reader)) });
    else reader.skip(bytesOf(type, reader));
  }
  const fields = Array.from({ length: reader.u2() }, (): DumpedField => {
    const name = texts.get(reader.id()) ?? '';
    const type = reader.u1();
    const isReference = type === objectType;
    return { name, isReference, isInteger: integerTypes.has(type), bytes: bytesOf(type, reader) };
  });
  return { id, name: nameOfClass(id), superId, fields, statics, numbers };
}

function bytesOf(type: number, { idBytes }: DumpReader): number {
  if (type === objectType) return idBytes;
  const bytes = primitiveBytes[type];
  if (bytes === undefined) throw new Error(`unknown type in a heap dump: ${type}`);
  return bytes;
}
