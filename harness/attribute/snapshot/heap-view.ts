import type { EdgeType, HeapGraph, NodeType } from './heap-graph.js';

const wantedNames = [
  '_events',
  '__proto__',
  'constructor',
  'previous',
  'context',
  'shared',
  'script',
  'script_or_debug_info',
  'scope_info',
  'function',
  'value',
  'elements',
  'first',
  'second',
  'filename',
  'system / Cell',
  'system / Context',
  'system / JSArrayBufferData',
  'system / SourceTextModule',
] as const;

/** Strings whose index a `HeapView` asks for. */
export const viewStrings: readonly string[] = wantedNames;

/** A place that a closure of the heap was written at; 1-based. */
export interface ClosurePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Questions about a heap graph, in its user's words. */
export class HeapView {
  readonly closureType: number;
  private readonly contextName: number;
  private readonly names: Record<(typeof wantedNames)[number], number>;
  private readonly scriptUrls = new Map<number, string>();

  constructor(readonly graph: HeapGraph) {
    this.closureType = this.typeIndex('closure');
    this.names = Object.fromEntries(wantedNames.map((name) => [name, graph.indexOfString(name)])) as Record<
      (typeof wantedNames)[number],
      number
    >;
    this.contextName = this.names['system / Context'];
  }

  typeIndex(type: NodeType): number {
    return this.graph.nodeTypes.indexOf(type);
  }

  edgeTypeIndex(type: EdgeType): number {
    return this.graph.edgeTypes.indexOf(type);
  }

  typeOf(node: number): NodeType {
    return this.graph.nodeTypes[this.graph.nodeType[node]!] as NodeType;
  }

  nameOf(node: number): string {
    return this.graph.string(this.graph.nodeName[node]!);
  }

  edgeTypeOf(edge: number): EdgeType {
    return this.graph.edgeTypes[this.graph.edgeType[edge]!] as EdgeType;
  }

  /** Name of a property, variable or internal slot; a number for elements and hidden edges. */
  edgeLabel(edge: number): string {
    const type = this.edgeTypeOf(edge);
    const name = this.graph.edgeName[edge]!;
    return type === 'element' || type === 'hidden' ? String(name) : this.graph.string(name);
  }

  /** Memory of an ArrayBuffer; other native nodes are not in what Node calls external. */
  isBufferMemory(node: number): boolean {
    return this.graph.nodeName[node] === this.names['system / JSArrayBufferData'];
  }

  isContext(node: number): boolean {
    return this.graph.nodeName[node] === this.contextName;
  }

  /** A box in which V8 keeps what a module exports. */
  isCell(node: number): boolean {
    return this.graph.nodeName[node] === this.names['system / Cell'];
  }

  /** A module of the ECMAScript kind that has source of its own. */
  isSourceTextModule(node: number): boolean {
    return this.graph.nodeName[node] === this.names['system / SourceTextModule'];
  }

  /** The text of a string; of one that was put together of parts, so much of it as some of them have. */
  textOf(node: number, partsMax = 8): string {
    if (this.typeOf(node) !== 'concatenated string') return this.nameOf(node);
    const parts = [this.internal(node, 'first'), this.internal(node, 'second')];
    return parts.map((part) => (part < 0 || partsMax === 0 ? '' : this.textOf(part, partsMax - 1))).join('');
  }

  /** What a number is; `undefined` where the snapshot does not say. */
  numberOf(node: number): number | undefined {
    const value = this.internal(node, 'value');
    const number = value < 0 ? Number.NaN : Number(this.nameOf(value));
    return Number.isFinite(number) ? number : undefined;
  }

  /** Node that an internal edge of this name leads to; -1 when there is none. */
  internal(node: number, name: (typeof wantedNames)[number]): number {
    return this.linked(node, 'internal', name);
  }

  /** Node that a property of this name leads to; -1 when there is none. */
  property(node: number, name: (typeof wantedNames)[number]): number {
    return this.linked(node, 'property', name);
  }

  private linked(node: number, type: EdgeType, name: (typeof wantedNames)[number]): number {
    const { graph } = this;
    const typeIndex = this.edgeTypeIndex(type);
    for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge += 1) {
      if (graph.edgeName[edge] === this.names[name] && graph.edgeType[edge] === typeIndex) return graph.edgeTo[edge]!;
    }
    return -1;
  }

  /** The function whose class a node is of, as its prototype says; -1 where that is none. */
  makerOf(node: number): number {
    const prototype = this.property(node, '__proto__');
    const maker = prototype < 0 ? -1 : this.property(prototype, 'constructor');
    return maker >= 0 && this.graph.nodeType[maker] === this.closureType ? maker : -1;
  }

  /** File or url of the script that a closure comes from; empty when it has none. */
  scriptOf(closure: number): string {
    const shared = this.internal(closure, 'shared');
    if (shared < 0) return '';
    let url = this.scriptUrls.get(shared);
    if (url === undefined) {
      const script = Math.max(this.internal(shared, 'script'), this.internal(shared, 'script_or_debug_info'));
      url = script < 0 ? '' : this.nameOf(script);
      this.scriptUrls.set(shared, url);
    }
    return url;
  }

  placeOf(closure: number): ClosurePlace | undefined {
    const location = this.graph.locationOf(closure);
    const url = location === undefined ? '' : this.scriptOf(closure);
    return location === undefined || url === ''
      ? undefined
      : { url, line: location.line + 1, column: location.column + 1 };
  }

  *closures(): Generator<number> {
    for (let node = 0; node < this.graph.nodeCount; node += 1) {
      if (this.graph.nodeType[node] === this.closureType) yield node;
    }
  }

  /** The contexts that a closure sees, innermost first. */
  contextsOf(closure: number): Generator<number> {
    return this.contextsFrom(this.internal(closure, 'context'));
  }

  /** A context and those around it; none where there is none. */
  *contextsFrom(innermost: number): Generator<number> {
    for (let context = innermost; context >= 0; context = this.internal(context, 'previous')) yield context;
  }

  /** Whether its variables are those of a function, and not of a whole module or script. */
  isWithinFunction(context: number): boolean {
    const outer = this.internal(context, 'previous');
    return outer >= 0 && this.isContext(outer);
  }
}
