import type { RetainingPath } from '../snapshot/retaining-path.js';

interface KnownHolder {
  readonly is: (path: RetainingPath) => boolean;
  readonly words: (path: RetainingPath) => Pick<RetainingPath, 'expression' | 'className'>;
}

const ofNode = ({ script }: RetainingPath) => script?.startsWith('node:') === true;
/** Node keeps every module that was imported, each query of a file as one of its own. */
export const importedModules = 'imported modules';
const handle = /^Node \/ (.+)$/;
/** What Node itself consists of: no program opened it, and none can close it. */
const partOfNode =
  /^Node \/ (?:PrincipalRealm|ShadowRealm|Environment|IsolateData|ModuleWrap|\w*BindingData|BaseObjectList)\b/;

/** The process is the same wherever it is read: which script of Node's has a variable for it says nothing. */
const isOfProcess = (path: RetainingPath) => ofNode(path) && /^\w+: process$/.test(path.steps[0] ?? '');

const modulesOfNode: KnownHolder = {
  is: (path) => ofNode(path) && /\bloadCache$/.test(path.expression),
  words: () => ({ expression: importedModules, className: 'of Node, for good' }),
};

/** What Node and V8 hold for a program: people know it by other names than those of the code behind it. */
const knownHolders: readonly KnownHolder[] = [
  {
    is: (path) => ofNode(path) && /^\$?Module\._cache$/.test(path.expression),
    words: () => ({ expression: 'require.cache', className: '' }),
  },
  modulesOfNode,
  {
    // Timers are linked to one another: one that the target knows leads to all others that Node has. An object of the target
    // behind a timer is known by its own name.
    is: (path) =>
      (ofNode(path) && path.ownExpression === undefined && /^timerList(Map|Queue)\b/.test(path.expression)) ||
      (path.className === 'Timeout' && /\._idle(Next|Prev)$/.test(path.expression)),
    words: () => ({ expression: 'timers', className: 'of Node, not yet due' }),
  },
  {
    is: ({ className, origin, steps }) => className === 'process' && (origin === 'root' || steps.length === 1),
    words: () => ({ expression: 'process', className: '' }),
  },
  {
    is: ({ origin, expression }) => origin === 'root' && partOfNode.test(expression),
    words: ({ className }) => ({ expression: 'Node itself', className }),
  },
  {
    is: ({ origin, expression }) => origin === 'root' && handle.test(expression),
    words: ({ expression }) => ({ expression: 'open handles', className: handle.exec(expression)![1]! }),
  },
  {
    is: ({ origin, expression }) => origin === 'root' && /^\((Global|Eternal) handles\)/.test(expression),
    words: () => ({ expression: 'native code', className: 'by a global handle' }),
  },
];

/**
 * The path in the words that people have for where it ends.
 * @param entryName class of what is held there most
 */
export function inKnownWords(path: RetainingPath, entryName = ''): RetainingPath {
  const isModules = path.origin === 'root' && entryName === 'ModuleWrap';
  const known = isModules ? modulesOfNode : knownHolders.find(({ is }) => is(path));
  const { script: _script, ...rest } = path;
  if (known === undefined) return isOfProcess(path) || (ofNode(path) && path.ownExpression !== undefined) ? rest : path;
  const { expression, className } = known.words(path);
  const step = [expression, className].filter((part) => part !== '').join(': ');
  return { ...rest, origin: 'root', expression, className, steps: [step] };
}

/** The type by which `async_hooks` knows the handles that are the holder: `FSEVENTWRAP`. */
export function handleTypeOf({ origin, expression, className }: RetainingPath): string | undefined {
  if (origin !== 'root' || expression !== 'open handles') return undefined;
  return className.toUpperCase();
}
