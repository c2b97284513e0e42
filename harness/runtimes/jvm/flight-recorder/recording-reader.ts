import { ByteReader } from './byte-reader.js';

/** A field's value: a number, a text, a structure, or a list of them; what a constant pool holds is looked up when asked for. */
export type RecordedValue = number | string | boolean | null | RecordedStructure | readonly RecordedValue[];

export interface RecordedStructure {
  /** @returns null where the recording holds no value for the field */
  get(field: string): RecordedValue;
}

export interface RecordedEvent extends RecordedStructure {
  /** `jdk.OldObjectSample` */
  readonly type: string;
  /** Chunks of a recording in order; each dump of a running recording ends one. */
  readonly chunk: number;
}

interface Field {
  readonly name: string;
  readonly typeId: number;
  readonly isConstant: boolean;
  readonly isArray: boolean;
}

interface Type {
  readonly name: string;
  readonly fields: readonly Field[];
}

const chunkMagic = 'FLR\0';
const chunkHeaderBytes = 68;
const metadataTypeId = 0;
const checkpointTypeId = 1;

/**
 * Reads the events of some types from a recording of the JDK Flight Recorder, format 2 (JDK 9 and newer): a row of
 * chunks, each of which describes its own types and has its own pools of constants.
 * @throws when the bytes are no such recording
 */
export function readRecording(bytes: Buffer, wantedTypes: ReadonlySet<string>): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (let start = 0, chunk = 0; start + chunkHeaderBytes <= bytes.length; chunk += 1) {
    if (bytes.toString('latin1', start, start + 4) !== chunkMagic) throw new Error('not a flight recording');
    const size = Number(bytes.readBigUInt64BE(start + 8));
    const metadataOffset = Number(bytes.readBigUInt64BE(start + 24));
    events.push(...new Chunk(bytes.subarray(start, start + size), metadataOffset).events(wantedTypes, chunk));
    start += size;
  }
  return events;
}

class Chunk {
  private readonly types: ReadonlyMap<number, Type>;
  /** By type, then by key. */
  private readonly pools = new Map<number, Map<number, RecordedValue>>();
  private readonly reader: ByteReader;

  constructor(
    private readonly bytes: Buffer,
    metadataOffset: number,
  ) {
    this.reader = new ByteReader(bytes);
    this.types = readTypes(new ByteReader(bytes, metadataOffset));
  }

  events(wantedTypes: ReadonlySet<string>, chunk: number): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    for (let position = chunkHeaderBytes; position < this.bytes.length; ) {
      this.reader.position = position;
      const size = this.reader.variable();
      if (size <= 0) break;
      const typeId = this.reader.variable();
      const type = this.types.get(typeId);
      if (typeId === checkpointTypeId) this.readPools();
      else if (typeId !== metadataTypeId && type !== undefined && wantedTypes.has(type.name))
        events.push({ type: type.name, chunk, ...this.structure(type) });
      position += size;
    }
    return events;
  }

  /** A checkpoint: start, duration, offset of the one before, kind, then pools of constants. */
  private readPools(): void {
    const { reader } = this;
    for (let skipped = 0; skipped < 3; skipped += 1) reader.variable();
    reader.byte();
    for (let pools = reader.variable(); pools > 0; pools -= 1) {
      const typeId = reader.variable();
      const pool = this.pools.get(typeId) ?? new Map<number, RecordedValue>();
      this.pools.set(typeId, pool);
      for (let entries = reader.variable(); entries > 0; entries -= 1) {
        const key = reader.variable();
        pool.set(key, this.value(typeId));
      }
    }
  }

  private structure(type: Type): RecordedStructure {
    const values = new Map(type.fields.map((field) => [field.name, this.fieldValue(field)]));
    return { get: (name) => this.lookUp(values.get(name) ?? null) };
  }

  private fieldValue(field: Field): RecordedValue {
    if (!field.isArray) return this.single(field);
    return Array.from({ length: this.reader.variable() }, () => this.lookUp(this.single(field)));
  }

  private single({ typeId, isConstant }: Field): RecordedValue {
    return isConstant ? (new Constant(typeId, this.reader.variable()) as unknown as RecordedValue) : this.value(typeId);
  }

  private lookUp(value: RecordedValue): RecordedValue {
    if (!(value instanceof Constant)) return value;
    return this.pools.get(value.typeId)?.get(value.key) ?? null;
  }

  private value(typeId: number): RecordedValue {
    const { reader } = this;
    const type = this.types.get(typeId);
    if (type === undefined) throw new Error(`a type without a description: ${typeId}`);
    switch (type.name) {
      case 'boolean':
        return reader.byte() !== 0;
      case 'byte':
        return reader.byte();
      case 'short':
      case 'char':
      case 'int':
      case 'long':
        return reader.variable();
      case 'float':
        return reader.float();
      case 'double':
        return reader.double();
      case 'java.lang.String': {
        const text = reader.text();
        return typeof text === 'number' ? (this.pools.get(typeId)?.get(text) ?? null) : text;
      }
      default:
        return this.structure(type);
    }
  }
}

/** Stands for a value until it is asked for: pools may follow the events that refer to them. */
class Constant {
  constructor(
    readonly typeId: number,
    readonly key: number,
  ) {}
}

interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
}

function readTypes(reader: ByteReader): Map<number, Type> {
  for (let skipped = 0; skipped < 5; skipped += 1) reader.variable();
  const texts = Array.from({ length: reader.variable() }, () => String(reader.text() ?? ''));
  const types = new Map<number, Type>();
  const visit = ({ name, attributes, children }: Element): void => {
    if (name === 'class')
      types.set(Number(attributes.get('id')), {
        name: attributes.get('name') ?? '',
        fields: children.filter((child) => child.name === 'field').map(fieldOf),
      });
    else for (const child of children) visit(child);
  };
  visit(readElement(reader, texts));
  return types;
}

function readElement(reader: ByteReader, texts: readonly string[]): Element {
  const name = texts[reader.variable()] ?? '';
  const attributes = new Map<string, string>();
  for (let count = reader.variable(); count > 0; count -= 1)
    attributes.set(texts[reader.variable()] ?? '', texts[reader.variable()] ?? '');
  const children = Array.from({ length: reader.variable() }, () => readElement(reader, texts));
  return { name, attributes, children };
}

function fieldOf({ attributes }: Element): Field {
  return {
    name: attributes.get('name') ?? '',
    typeId: Number(attributes.get('class')),
    isConstant: attributes.get('constantPool') === 'true',
    isArray: attributes.get('dimension') === '1',
  };
}
