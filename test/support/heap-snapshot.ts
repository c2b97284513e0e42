import { writeFileSync } from 'node:fs';

const nodeTypes = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'number', 'native'].concat([
  'synthetic',
  'object shape',
]);
const edgeTypes = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];

/** A node of a heap snapshot, with the edges that lead from it. */
export interface SketchedNode {
  readonly id: number;
  readonly type: string;
  readonly name: string;
  readonly size?: number;
  /** `[type, name or index, id of the node it leads to]` */
  readonly edges?: readonly (readonly [type: string, name: string | number, to: number])[];
  /** `[script id, line, column]`, 0-based. */
  readonly location?: readonly [number, number, number];
}

/** Writes a heap snapshot as V8 does; the first node is the root. */
export function writeHeapSnapshot(path: string, sketch: readonly SketchedNode[]): void {
  const strings = new Map<string, number>([['', 0]]);
  const stringIndex = (text: string) => {
    const index = strings.get(text) ?? strings.size;
    strings.set(text, index);
    return index;
  };
  const position = new Map(sketch.map(({ id }, index) => [id, index * 7]));
  const nodes: number[] = [];
  const edges: number[] = [];
  const locations: number[] = [];
  for (const { id, type, name, size = 0, edges: leaving = [], location } of sketch) {
    nodes.push(nodeTypes.indexOf(type), stringIndex(name), id, size, leaving.length, 0, 0);
    if (location !== undefined) locations.push(position.get(id)!, ...location);
    for (const [edgeType, label, to] of leaving) {
      edges.push(
        edgeTypes.indexOf(edgeType),
        typeof label === 'number' ? label : stringIndex(label),
        position.get(to)!,
      );
    }
  }
  const header = {
    meta: {
      node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
      node_types: [nodeTypes, 'string', 'number', 'number', 'number', 'number', 'number'],
      edge_fields: ['type', 'name_or_index', 'to_node'],
      edge_types: [edgeTypes, 'string_or_number', 'node'],
      location_fields: ['object_index', 'script_id', 'line', 'column'],
    },
    node_count: sketch.length,
    edge_count: edges.length / 3,
    trace_function_count: 0,
  };
  const members = [
    `"snapshot":${JSON.stringify(header)}`,
    `"nodes":[${rows(nodes, 7)}]`,
    `"edges":[${rows(edges, 3)}]`,
    '"trace_function_infos":[]',
    '"trace_tree":[0,[1,[2]]]',
    '"samples":[]',
    `"locations":[${rows(locations, 4)}]`,
    `"strings":${JSON.stringify([...strings.keys()], null, 0).replaceAll('","', '",\n"')}`,
  ];
  writeFileSync(path, `{${members.join(',\n')}}`);
}

/** V8 breaks lines between rows. */
function rows(numbers: readonly number[], width: number): string {
  const lines: string[] = [];
  for (let at = 0; at < numbers.length; at += width) lines.push(numbers.slice(at, at + width).join());
  return lines.join('\n,');
}
