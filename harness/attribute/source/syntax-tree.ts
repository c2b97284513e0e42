import { type ParserPlugin, parse } from '@babel/parser';

/** A node of Babel's syntax tree; the fields beside these depend on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** Lines are 1-based, columns 0-based. */
  readonly loc: { readonly start: Position; readonly end: Position };
  readonly [field: string]: unknown;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** A node and where it stands in the tree. */
export class Visit {
  constructor(
    readonly node: SyntaxNode,
    private readonly parent: Visit | undefined,
  ) {}

  /** The nodes that it lies in, the nearest first. */
  get ancestors(): SyntaxNode[] {
    const nodes: SyntaxNode[] = [];
    for (let visit = this.parent; visit !== undefined; visit = visit.parent) nodes.push(visit.node);
    return nodes;
  }
}

/** An arrow's type parameters look like JSX: a file that is wrong with it may be right without. */
const dialects: readonly (readonly ParserPlugin[])[] = [
  ['typescript', 'jsx', 'decorators', 'explicitResourceManagement'],
  ['typescript', 'decorators', 'explicitResourceManagement'],
];

const trees = new WeakMap<readonly string[], readonly Visit[]>();

/**
 * All nodes of a source file, in the order of the source, parents first.
 * @returns none for what is no JavaScript and no TypeScript
 */
export function nodesOf(lines: readonly string[]): readonly Visit[] {
  let nodes = trees.get(lines);
  if (nodes === undefined) {
    const program = parsed(lines.join('\n'));
    nodes = program === undefined ? [] : visitAll(program);
    trees.set(lines, nodes);
  }
  return nodes;
}

function parsed(text: string): SyntaxNode | undefined {
  for (const plugins of dialects) {
    try {
      const file = parse(text, {
        plugins: [...plugins],
        sourceType: 'unambiguous',
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowUndeclaredExports: true,
        createImportExpressions: true,
      });
      return file.program as unknown as SyntaxNode;
    } catch {
      // Another dialect may read it.
    }
  }
  return undefined;
}

function visitAll(program: SyntaxNode): Visit[] {
  const visits: Visit[] = [];
  const waiting = [new Visit(program, undefined)];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    visits.push(visit);
    for (const inside of childrenOf(visit.node).reverse()) waiting.push(new Visit(inside, visit));
  }
  return visits;
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .sort((one, other) => one.start - other.start);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'loc' in value;
}

/** A field that holds a node. */
export function child(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  const value = node?.[field];
  return isNode(value) ? value : undefined;
}

/** `x`, `#x` of an identifier or a private name. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'PrivateName') return `#${nameOf(child(node, 'id'))}`;
  return typeof node?.name === 'string' ? node.name : undefined;
}
