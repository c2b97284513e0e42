import { hasLimitWord } from '../../../model/limit-words.js';
import { AddressIndex } from './address-index.js';
import { DumpReader } from './dump-reader.js';
import { type ArraySize, type DumpedClass, type DumpVisitor, type RootKind, readDump } from './dump-records.js';
import { growingAddresses, growingIntegers } from './growing-array.js';
import { type Field, type LaidOutField, type Layout, layoutOfInstances } from './layout.js';
import { type NamedNumber, NumbersByNode } from './numbers-by-node.js';

/** An array of a KiB and more, without what its elements lead to. */
export interface LargeArray {
  readonly node: number;
  readonly elements: number;
  readonly bytes: number;
}

export const element = '[]';
/** Smaller ones are of no interest, and there are many. */
const largeArrayBytesMin = 1024;
/** What HotSpot keeps of an array before its elements: mark, class and length. */
const arrayHeadBytes = 16;
/** As a JVM stores a reference in heaps below 32 GiB; a dump has twice as much. */
const referenceBytes = 4;
/** What HotSpot keeps for a class beside its static fields: `<resolved_references>`, constants and call sites. */
const fieldOfTheJvm = /^</;
const threadLocalEntry = 'java.lang.ThreadLocal$ThreadLocalMap$Entry';

/**
 * The objects of a heap dump and what they refer to, in flat memory: about 40 B an object and 8 B a reference.
 * Weak references hold nothing and are left out; soft ones hold until memory is short.
 */
export class ObjectGraph implements DumpVisitor {
  /** Roots by address. */
  readonly roots: { readonly address: number; readonly kind: RootKind }[] = [];
  /** Classes, which hold objects by their static fields. */
  readonly classNodes: number[] = [];
  readonly largeArrays: LargeArray[] = [];
  /** Addresses of the ThreadLocals of entries in threads, which hold them weakly. */
  private readonly threadLocals = new Map<number, number>();
  private readonly limits = new NumbersByNode();
  private readonly staticLimits = new Map<string, readonly NamedNumber[]>();
  private readonly index = new AddressIndex();
  private readonly layouts: Layout[] = [];
  private readonly layoutOf = growingIntegers();
  private readonly firstReference = growingIntegers();
  private readonly references = growingAddresses();
  private readonly classes = new Map<number, DumpedClass>();
  private readonly layoutNumbers = new Map<number | string, number>();

  private constructor(private readonly reader: DumpReader) {}

  /** @throws when the file is no heap dump, or cut short */
  static read(path: string): ObjectGraph {
    const reader = new DumpReader(path);
    try {
      const graph = new ObjectGraph(reader);
      readDump(reader, graph);
      graph.firstReference.push(graph.references.length);
      return graph;
    } finally {
      reader.close();
    }
  }

  get objects(): number {
    return this.layoutOf.length;
  }

  numberOf(address: number): number {
    return this.index.get(address);
  }

  classOf(node: number): string {
    return this.layouts[this.layoutOf.at(node)]!.name;
  }

  /** The largest value of each whole number in the objects of a class, by field. */
  largestNumbers(className: string): ReadonlyMap<string, number> {
    return this.layouts.find(({ name, largest }) => largest !== undefined && name === className)?.largest ?? new Map();
  }

  /** Number of its layout: the same for two objects exactly when their classes are. */
  layoutNumber(node: number): number {
    return this.layoutOf.at(node);
  }

  /** The ThreadLocal whose value an entry of a thread holds; -1 for every other object. */
  threadLocalOf(node: number): number {
    return this.index.get(this.threadLocals.get(node) ?? 0);
  }

  /** Integers of an object that are called limits. */
  limitsAt(node: number): readonly NamedNumber[] {
    return this.limits.at(node);
  }

  /** Static integers of a class that are called limits. */
  limitsOfClass(className: string): readonly NamedNumber[] {
    return this.staticLimits.get(className) ?? [];
  }

  /** Calls back for each object that this one refers to, with the field. */
  eachReference(node: number, visit: (target: number, field: Field) => void): void {
    const start = this.firstReference.at(node);
    const end = this.firstReference.at(node + 1);
    const { name, references } = this.layouts[this.layoutOf.at(node)]!;
    const elements: Field = { name: element, declaredIn: name };
    for (let position = start; position < end; position += 1) {
      const target = this.index.get(this.references.at(position));
      if (target >= 0) visit(target, references[position - start] ?? elements);
    }
  }

  root(address: number, kind: RootKind): void {
    this.roots.push({ address, kind });
  }

  class(dumped: DumpedClass): void {
    this.classes.set(dumped.id, dumped);
    const limits = dumped.numbers.filter(({ name }) => hasLimitWord(name));
    if (limits.length > 0) this.staticLimits.set(dumped.name, limits);
    const statics = dumped.statics.filter(({ name }) => !fieldOfTheJvm.test(name));
    const references = statics.map(({ name }) => ({ name, declaredIn: dumped.name }));
    this.classNodes.push(this.objects);
    this.begin(dumped.id, this.layouts.push({ name: dumped.name, fields: [], references }) - 1);
    for (const { target } of statics) this.references.push(target);
  }

  instance(address: number, classId: number, bytes: number): void {
    const number = this.layoutFor(classId);
    const { name, fields, largest } = this.layouts[number]!;
    this.begin(address, number);
    let left = bytes;
    for (const field of fields) {
      left -= field.bytes;
      if (!field.isReference) {
        this.readValue(field, largest);
        continue;
      }
      const target = this.reader.id();
      this.references.push(field.isWeak ? 0 : target);
      if (name === threadLocalEntry && field.name === 'referent') this.threadLocals.set(this.objects - 1, target);
    }
    this.reader.skip(left);
  }

  /** @param largest of the instances so far by field, where that is of interest */
  private readValue({ name, bytes, isInteger, isLimit }: LaidOutField, largest: Map<string, number> | undefined): void {
    if (!isInteger || !(isLimit || largest !== undefined)) {
      this.reader.skip(bytes);
      return;
    }
    const value = this.reader.integer(bytes);
    if (isLimit) this.limits.add(this.objects - 1, name, value);
    if (largest === undefined) return;
    const before = largest.get(name);
    if (before === undefined || value > before) largest.set(name, value);
  }

  objectArray(address: number, classId: number, length: number): void {
    this.beginArray(address, this.classes.get(classId)?.name ?? '', { length, elementBytes: referenceBytes });
    for (let position = 0; position < length; position += 1) {
      const target = this.reader.id();
      if (target !== 0) this.references.push(target);
    }
  }

  primitiveArray(address: number, className: string, size: ArraySize): void {
    this.beginArray(address, className, size);
  }

  private beginArray(address: number, className: string, { length, elementBytes }: ArraySize): void {
    const bytes = arrayHeadBytes + length * elementBytes;
    if (bytes >= largeArrayBytesMin) this.largeArrays.push({ node: this.objects, elements: length, bytes });
    this.begin(address, this.arrayLayout(className));
  }

  private begin(address: number, layout: number): void {
    this.index.set(address, this.objects);
    this.layoutOf.push(layout);
    this.firstReference.push(this.references.length);
  }

  private layoutFor(classId: number): number {
    const known = this.layoutNumbers.get(classId);
    if (known !== undefined) return known;
    const number = this.layouts.push(layoutOfInstances(this.lineage(classId))) - 1;
    this.layoutNumbers.set(classId, number);
    return number;
  }

  /** A class and those that it extends. */
  private lineage(classId: number): DumpedClass[] {
    const line: DumpedClass[] = [];
    for (let found = this.classes.get(classId); found !== undefined; found = this.classes.get(found.superId))
      line.push(found);
    return line;
  }

  private arrayLayout(name: string): number {
    const known = this.layoutNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.layouts.push({ name, fields: [], references: [] }) - 1;
    this.layoutNumbers.set(name, number);
    return number;
  }
}
