import { child, isNode, nameOf, type SyntaxNode, type Visit } from './syntax-tree.js';

/** What the code around a name does to what has it: adds to it, lets go of some of it, or neither. */
export type Mention = 'adds' | 'removes' | 'speaks';

const addingMethods = new Set(
  'set add push unshift on once addListener prependListener prependOnceListener addEventListener then catch finally register append enqueue subscribe pipe enterWith'.split(
    ' ',
  ),
);
const removingMethods = new Set('delete clear shift pop splice off unregister unsubscribe unpipe filter'.split(' '));
/** With these arguments `splice` inserts. */
const spliceInserts = 3;
const assigning = new Set(['=', '||=', '&&=', '??=', '+=']);

/** @param visit an identifier or a private name */
export function mentionOf({ node, ancestors }: Visit): Mention {
  const [parent] = ancestors;
  const isField = isMember(parent) && parent.property === node && parent.computed !== true;
  const [reference, around] = isField ? [parent, ancestors.slice(1)] : [node, ancestors];
  const [user, ...outer] = around;
  if (user === undefined) return 'speaks';
  if (isMember(user) && user.object === reference) return ofMember(user, outer);
  if (user.type === 'AssignmentExpression' && user.left === reference) return ofAssignment(user);
  if (user.type === 'UnaryExpression' && user.operator === 'delete') return 'removes';
  return begins(user, reference) ? 'removes' : 'speaks';
}

interface Member extends SyntaxNode {
  readonly type: 'MemberExpression' | 'OptionalMemberExpression';
}

function isMember(node: SyntaxNode | undefined): node is Member {
  return node?.type === 'MemberExpression' || node?.type === 'OptionalMemberExpression';
}

/** It is declared here. */
function begins(user: SyntaxNode, reference: SyntaxNode): boolean {
  if (user.type === 'VariableDeclarator') return user.id === reference;
  return /^Class\w*Property$/.test(user.type) && user.key === reference;
}

/** `x.add(…)`, `x[key] = …`, `delete x[key]`, `x.length = 0`. */
function ofMember(member: SyntaxNode, outer: readonly SyntaxNode[]): Mention {
  let [place, index]: [SyntaxNode, number] = [member, 0];
  if (member.computed === true) {
    // `grid[x][y]` is a place in `grid`.
    for (let next = outer[0]; isMember(next) && next.computed === true && next.object === place; next = outer[index])
      [place, index] = [next, index + 1];
    return ofPlace(place, outer[index]);
  }
  const method = nameOf(child(member, 'property'));
  const [user] = outer;
  if (user?.type === 'AssignmentExpression' && user.left === member) return method === 'length' ? 'removes' : 'speaks';
  const isCall = user?.type === 'CallExpression' || user?.type === 'OptionalCallExpression';
  if (!isCall || user.callee !== member || method === undefined) return 'speaks';
  const inserts = method === 'splice' && (user.arguments as readonly unknown[]).length >= spliceInserts;
  if (inserts || addingMethods.has(method)) return 'adds';
  return removingMethods.has(method) || method.startsWith('remove') ? 'removes' : 'speaks';
}

/** Under a key, `undefined` lets go what was there; anything else is an entry, however empty. */
function ofPlace(place: SyntaxNode, user: SyntaxNode | undefined): Mention {
  if (user?.type === 'UnaryExpression' && user.operator === 'delete') return 'removes';
  if (user?.type !== 'AssignmentExpression' || user.left !== place || !assigning.has(String(user.operator)))
    return 'speaks';
  return isNothing(child(user, 'right')) ? 'removes' : 'adds';
}

/** `x = {}` and `x = x || {}` begin, `x = x.filter(…)` keeps a part, anything else replaces what grows. */
function ofAssignment(assignment: SyntaxNode): Mention {
  if (!assigning.has(String(assignment.operator))) return 'speaks';
  const right = child(assignment, 'right');
  const isDefault = right?.type === 'LogicalExpression' && isMemberOrName(child(right, 'left'));
  if (isEmpty(isDefault ? child(right, 'right') : right)) return 'removes';
  const callee = right?.type === 'CallExpression' ? child(right, 'callee') : undefined;
  const method = isMember(callee) ? nameOf(child(callee, 'property')) : undefined;
  return method === 'filter' || method === 'slice' ? 'removes' : 'adds';
}

function isMemberOrName(node: SyntaxNode | undefined): boolean {
  return isMember(node) || node?.type === 'Identifier';
}

function isNothing(node: SyntaxNode | undefined): boolean {
  if (node?.type === 'NullLiteral') return true;
  if (node?.type === 'UnaryExpression') return node.operator === 'void';
  return node?.type === 'Identifier' && node.name === 'undefined';
}

/** `{}`, `[]`, `''`, `0`, `new Map()`, `Object.create(null)`, `{ events: [] }`: nothing has been added yet. */
function isEmpty(node: SyntaxNode | undefined): boolean {
  if (node === undefined || isNothing(node)) return true;
  switch (node.type) {
    case 'ArrayExpression':
      return (node.elements as readonly unknown[]).length === 0;
    case 'StringLiteral':
      return node.value === '';
    case 'NumericLiteral':
      return node.value === 0;
    case 'TemplateLiteral':
      return node.start + 2 === node.end;
    case 'NewExpression':
      return (node.arguments as readonly unknown[]).length === 0;
    case 'CallExpression':
      return isObjectCreate(node);
    case 'ObjectExpression':
      return (node.properties as readonly unknown[]).every(
        (property) => isNode(property) && property.type === 'ObjectProperty' && isEmpty(child(property, 'value')),
      );
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return isEmpty(child(node, 'expression'));
    default:
      return false;
  }
}

function isObjectCreate(call: SyntaxNode): boolean {
  const callee = child(call, 'callee');
  const [first, ...more] = call.arguments as readonly SyntaxNode[];
  return (
    nameOf(child(callee, 'object')) === 'Object' &&
    nameOf(child(callee, 'property')) === 'create' &&
    more.length === 0 &&
    isNothing(first)
  );
}
