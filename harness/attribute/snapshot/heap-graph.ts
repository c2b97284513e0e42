import { hashOf, SnapshotReader } from './snapshot-reader.js';

/** Names of node types that this module's users distinguish, as V8 spells them. */
export type NodeType =
  | 'hidden'
  | 'array'
  | 'string'
  | 'object'
  | 'code'
  | 'closure'
  | 'regexp'
  | 'number'
  | 'native'
  | 'synthetic'
  | 'concatenated string'
  | 'sliced string'
  | 'symbol'
  | 'bigint'
  | 'object shape'
  | 'wasm object';

export type EdgeType = 'context' | 'element' | 'property' | 'internal' | 'hidden' | 'shortcut' | 'weak';

/** Where a closure, or the constructor of an object, stands; 0-based as V8 counts. */
export interface SnapshotLocation {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

/**
 * A heap snapshot as columns: about 21 bytes a node and 9 an edge, plus 8 a string, which themselves stay on disk.
 * Edges of node `n` are those from `firstEdge[n]` up to `firstEdge[n + 1]`.
 *
 * Read by a parser of our own: @memlab/heap-analysis takes 7 s and 860 MiB for a file that this reads in one second
 * (and installs 88 MB with a browser driver), v8-heapsnapshot builds an object a node on a streaming JSON parser.
 */
export interface HeapGraph {
  readonly nodeCount: number;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly nodeType: Uint8Array;
  readonly nodeName: Uint32Array;
  /** Stays with an object from snapshot to snapshot; odd, except for what is no JavaScript object. */
  readonly nodeId: Uint32Array;
  readonly selfSize: Uint32Array;
  readonly firstEdge: Uint32Array;
  readonly edgeType: Uint8Array;
  /** A string, or for elements and hidden edges a number. */
  readonly edgeName: Uint32Array;
  readonly edgeTo: Uint32Array;
  locationOf(node: number): SnapshotLocation | undefined;
  string(index: number): string;
  /** Index of a string that was asked for when the graph was read; -1 when the snapshot has none. */
  indexOfString(text: string): number;
  close(): void;
}

const blockRows = 1 << 16;

/**
 * Reads a heap snapshot from disk.
 * @param wantedStrings plain ASCII texts whose index will be asked for
 * @throws {Error} when the file is not a whole heap snapshot
 */
export function readHeapGraph(path: string, wantedStrings: readonly string[]): HeapGraph {
  const reader = new SnapshotReader(path);
  const { node_count: nodeCount, edge_count: edgeCount, meta } = reader.header;
  const nodes = {
    nodeType: new Uint8Array(nodeCount),
    nodeName: new Uint32Array(nodeCount),
    nodeId: new Uint32Array(nodeCount),
    selfSize: new Uint32Array(nodeCount),
    firstEdge: new Uint32Array(nodeCount + 1),
  };
  const edges = {
    edgeType: new Uint8Array(edgeCount),
    edgeName: new Uint32Array(edgeCount),
    edgeTo: new Uint32Array(edgeCount),
  };
  const locations = new Map<number, SnapshotLocation>();
  const strings = new StringIndex(reader, wantedStrings);
  const rows = { nodes: 0, edges: 0 };
  for (let array = reader.nextArray(); array !== undefined; array = reader.nextArray()) {
    if (array === 'nodes') rows.nodes = readNodes(reader, nodes);
    else if (array === 'edges') rows.edges = readEdges(reader, edges);
    else if (array === 'locations') readLocations(reader, locations);
    else if (array === 'strings') strings.read();
    else reader.skipArray();
  }
  const isWhole = rows.nodes === nodeCount && rows.edges === edgeCount && strings.length > 0;
  if (!isWhole || !isConnected(nodes, edges)) {
    reader.close();
    throw new Error(`${path} is cut short or damaged, expected a whole heap snapshot`);
  }
  return {
    nodeCount,
    nodeTypes: meta.node_types[0],
    edgeTypes: meta.edge_types[0],
    ...nodes,
    ...edges,
    locationOf: (node) => locations.get(node),
    string: (index) => strings.get(index),
    indexOfString: (text) => strings.indexOf(text),
    close: () => reader.close(),
  };
}

type NodeColumns = Pick<HeapGraph, 'nodeType' | 'nodeName' | 'nodeId' | 'selfSize' | 'firstEdge'>;
type EdgeColumns = Pick<HeapGraph, 'edgeType' | 'edgeName' | 'edgeTo'>;

/** Edges lead from one node after the other to nodes that there are: those who follow them come to an end. */
function isConnected({ firstEdge }: NodeColumns, { edgeTo }: EdgeColumns): boolean {
  const nodeCount = firstEdge.length - 1;
  if (firstEdge[nodeCount] !== edgeTo.length) return false;
  for (let node = 0; node < nodeCount; node += 1) if (firstEdge[node]! > firstEdge[node + 1]!) return false;
  return edgeTo.every((to) => to < nodeCount);
}

/** @returns how many rows there were */
function readNodes(reader: SnapshotReader, columns: NodeColumns): number {
  const fields = reader.header.meta.node_fields;
  const [type, name, id, size, edgeCount] = ['type', 'name', 'id', 'self_size', 'edge_count'].map((field) =>
    fields.indexOf(field),
  ) as [number, number, number, number, number];
  let node = 0;
  let firstEdge = 0;
  forEachRow(reader, fields.length, (block, at) => {
    columns.nodeType[node] = block[at + type]!;
    columns.nodeName[node] = block[at + name]!;
    columns.nodeId[node] = block[at + id]!;
    columns.selfSize[node] = block[at + size]!;
    columns.firstEdge[node] = firstEdge;
    firstEdge += block[at + edgeCount]!;
    node += 1;
  });
  columns.firstEdge[node] = firstEdge;
  return node;
}

/** @returns how many rows there were */
function readEdges(reader: SnapshotReader, columns: EdgeColumns): number {
  const { edge_fields: fields, node_fields: nodeFields } = reader.header.meta;
  const [type, name, to] = ['type', 'name_or_index', 'to_node'].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  let edge = 0;
  forEachRow(reader, fields.length, (block, at) => {
    columns.edgeType[edge] = block[at + type]!;
    columns.edgeName[edge] = block[at + name]!;
    columns.edgeTo[edge] = block[at + to]! / nodeFields.length;
    edge += 1;
  });
  return edge;
}

function readLocations(reader: SnapshotReader, locations: Map<number, SnapshotLocation>): void {
  const { location_fields: fields = ['object_index', 'script_id', 'line', 'column'], node_fields: nodeFields } =
    reader.header.meta;
  forEachRow(reader, fields.length, (block, at) => {
    const node = block[at]! / nodeFields.length;
    locations.set(node, { scriptId: block[at + 1]!, line: block[at + 2]!, column: block[at + 3]! });
  });
}

function forEachRow(reader: SnapshotReader, width: number, row: (block: Uint32Array, at: number) => void): void {
  const block = new Uint32Array(blockRows * width);
  for (let count = block.length; count === block.length; ) {
    count = reader.readNumbers(block);
    for (let at = 0; at + width <= count; at += width) row(block, at);
  }
}

/** Where each string lies in the file; the texts are read when they are asked for. */
class StringIndex {
  length = 0;
  private bounds = new Float64Array(1 << 16);
  private readonly wanted: Map<number, string>;
  private readonly found = new Map<string, number>();
  private readonly texts = new Map<number, string>();

  constructor(
    private readonly reader: SnapshotReader,
    wanted: readonly string[],
  ) {
    this.wanted = new Map(wanted.map((text) => [hashOf(text), text]));
  }

  read(): void {
    const candidates: [number, string][] = [];
    this.reader.readStrings((start, end, hash) => {
      const index = this.length;
      if (index * 2 + 2 > this.bounds.length) {
        const grown = new Float64Array(this.bounds.length * 2);
        grown.set(this.bounds);
        this.bounds = grown;
      }
      this.bounds[index * 2] = start;
      this.bounds[index * 2 + 1] = end;
      this.length += 1;
      const text = this.wanted.get(hash);
      if (text !== undefined && end - start === text.length + 2) candidates.push([index, text]);
    });
    for (const [index, text] of candidates) if (this.get(index) === text) this.found.set(text, index);
  }

  get(index: number): string {
    let text = this.texts.get(index);
    if (text === undefined) {
      if (index >= this.length)
        throw new Error(`${this.reader.path} has no string ${index}, expected a whole heap snapshot`);
      text = this.reader.stringAt(this.bounds[index * 2]!, this.bounds[index * 2 + 1]!);
      this.texts.set(index, text);
    }
    return text;
  }

  indexOf(text: string): number {
    return this.found.get(text) ?? -1;
  }
}
