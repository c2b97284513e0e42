import { mentionOf } from './mention.js';
import { child, nameOf, nodesOf, type SyntaxNode, type Visit } from './syntax-tree.js';

/** A place in source lines, 1-based. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** First and last line of a function, 1-based and inclusive. */
export interface SourceExtent {
  readonly first: number;
  readonly last: number;
}

const placeOf = ({ loc }: SyntaxNode): SourcePlace => ({ line: loc.start.line, column: loc.start.column + 1 });
const isFunction = ({ type }: SyntaxNode) => /^(?:Function|Arrow|Class\w*Method|ObjectMethod)/.test(type);
const isWithin = ({ loc }: SyntaxNode, { first, last }: SourceExtent) =>
  loc.start.line >= first && loc.start.line <= last;

/**
 * Where the function that starts at `start` ends. V8 lets a function start at its parameters; a source map may point
 * somewhere into it.
 * @returns the rest of a file that cannot be parsed, and the line alone where it is in no function
 */
export function functionExtent(lines: readonly string[], start: SourcePlace): SourceExtent {
  const visits = nodesOf(lines);
  const around = visits.filter(({ node }) => isFunction(node) && holds(node, start)).map(({ node }) => node);
  const own = around.findLast((node) => isBefore(start, bodyOf(node))) ?? around.at(-1);
  const otherwise = visits.length === 0 ? lines.length : start.line;
  return { first: start.line, last: own?.loc.end.line ?? otherwise };
}

function holds(node: SyntaxNode, place: SourcePlace): boolean {
  const end = { line: node.loc.end.line, column: node.loc.end.column + 1 };
  return !isBefore(place, placeOf(node)) && isBefore(place, end);
}

function bodyOf(node: SyntaxNode): SourcePlace {
  return placeOf(child(node, 'body') ?? node);
}

function isBefore(one: SourcePlace, other: SourcePlace): boolean {
  return one.line < other.line || (one.line === other.line && one.column < other.column);
}

/**
 * The line within a function that adds to something of one of these names, the likeliest first. Lines that only empty
 * it, or that it begins at, are passed over.
 * @returns undefined when no line speaks of any of them; `adds` is false for one that only does that
 */
export function findAddition(
  lines: readonly string[],
  extent: SourceExtent,
  names: readonly string[],
): (SourcePlace & { readonly adds: boolean }) | undefined {
  let best: (SourcePlace & { score: number; adds: boolean }) | undefined;
  for (const mentions of mentionsByLine(lines, extent, names)) {
    const adding = mentions.find(({ mention }) => mention === 'adds');
    if (adding === undefined && mentions.some(({ mention }) => mention === 'removes')) continue;
    const { order, place } = adding ?? mentions[0]!;
    const score = (adding === undefined ? 1 : 10) - order / 100;
    if (best === undefined || score > best.score) best = { ...place, score, adds: adding !== undefined };
  }
  return best;
}

/** Mentions of some names, the first name first, line by line. */
function mentionsByLine(lines: readonly string[], extent: SourceExtent, names: readonly string[]) {
  const byLine = new Map<number, { order: number; place: SourcePlace; mention: ReturnType<typeof mentionOf> }[]>();
  for (const visit of nodesOf(lines)) {
    const order = names.indexOf(nameOf(visit.node) ?? '');
    if (order < 0 || !isWithin(visit.node, extent) || visit.ancestors[0]?.type === 'PrivateName') continue;
    const place = placeOf(visit.node);
    const mentions = byLine.get(place.line) ?? [];
    mentions.push({ order, place, mention: mentionOf(visit) });
    byLine.set(place.line, mentions);
  }
  for (const mentions of byLine.values()) mentions.sort((one, other) => one.order - other.order);
  return [...byLine].sort(([one], [other]) => one - other).map(([, mentions]) => mentions);
}

/** The first line that imports what is known only when it runs. */
export function findDynamicImport(lines: readonly string[]): SourcePlace | undefined {
  const found = nodesOf(lines).find(
    ({ node }) => node.type === 'ImportExpression' && child(node, 'source')?.type !== 'StringLiteral',
  );
  return found && placeOf(found.node);
}

/** The first line within a function that calls `name` or makes one. */
export function findCall(lines: readonly string[], extent: SourceExtent, name: string): SourcePlace | undefined {
  for (const { node } of nodesOf(lines)) {
    if (!/^(?:Optional)?CallExpression$|^NewExpression$/.test(node.type)) continue;
    const callee = child(node, 'callee');
    const called = child(callee, 'property') ?? callee;
    if (called !== undefined && nameOf(called) === name && isWithin(called, extent)) return placeOf(called);
  }
  return undefined;
}

/** Where a variable of this name is declared, or where a field of this name gets its first value. */
export function findDeclaration(
  lines: readonly string[],
  name: string,
  kind: 'variable' | 'property',
): SourcePlace | undefined {
  const nodes = nodesOf(lines);
  if (kind === 'variable' && name === 'default') {
    const exported = nodes.find(({ node }) => node.type === 'ExportDefaultDeclaration');
    return (
      exported && { line: exported.node.loc.start.line, column: exported.node.loc.start.column + 'export '.length + 1 }
    );
  }
  const named = nodes.filter(({ node }) => nameOf(node) === name);
  for (const declares of kind === 'property' ? propertyDeclarations : variableDeclarations) {
    const found = named.find(declares);
    if (found !== undefined) return placeOf(found.node);
  }
  return undefined;
}

/** The likeliest first. */
const variableDeclarations: readonly ((visit: Visit) => boolean)[] = [
  ({ node, ancestors }) => {
    const declaration = ancestors.findIndex(({ type }) => type === 'VariableDeclarator');
    if (declaration >= 0) {
      const pattern = declaration === 0 ? node : ancestors[declaration - 1];
      return ancestors[declaration]!.id === pattern && ancestors.slice(0, declaration).every(isPattern);
    }
    return /^(?:Function|Class)Declaration$/.test(ancestors[0]?.type ?? '') && ancestors[0]!.id === node;
  },
  ({ node, ancestors: [parent] }) => /^Import\w*Specifier$/.test(parent?.type ?? '') && parent!.local === node,
];

const propertyDeclarations: readonly ((visit: Visit) => boolean)[] = [
  ({ node, ancestors: [parent] }) => /^Class\w*Property$/.test(parent?.type ?? '') && parent!.key === node,
  ({ node, ancestors: [member, assignment] }) =>
    member?.property === node && assignment?.type === 'AssignmentExpression' && assignment.left === member,
  ({ node, ancestors: [parent] }) =>
    (parent?.type === 'ObjectProperty' || parent?.type === 'ObjectMethod') && parent.key === node,
];

function isPattern({ type }: SyntaxNode): boolean {
  return /Pattern$|^ObjectProperty$|^RestElement$/.test(type);
}

/** The name that a module gives to what it exports under another one. */
export function findLocalName(lines: readonly string[], exported: string): string | undefined {
  for (const visit of nodesOf(lines)) {
    const { node } = visit;
    if (node.type === 'ExportSpecifier' && child(visit.ancestors[0], 'source') === undefined) {
      const shown = child(node, 'exported');
      if ((nameOf(shown) ?? shown?.value) === exported) return nameOf(child(node, 'local'));
    }
    if (node.type !== 'ExportDefaultDeclaration' || exported !== 'default') continue;
    const declaration = child(node, 'declaration');
    return nameOf(declaration) ?? nameOf(child(declaration, 'id'));
  }
  return undefined;
}
