import type { HeapView } from './heap-view.js';
import { isStorage } from './holder-growth.js';
import { type ModuleVariable, moduleVariables } from './module-variables.js';
import type { RetainingTree } from './retaining-tree.js';

/** From a variable, a module's exports or a root to a holder, in the words of the code. */
export interface RetainingPath {
  /** What people would write to get at the holder: `sessions`, `server.rooms`, `cache[...].waiting`. */
  readonly expression: string;
  /** The same from the first object of a class of the target on, where the path begins at one of V8's or Node's: `Rooms.byId`. */
  readonly ownExpression?: string;
  /** Each step with its class: `store: Store`, `.sessions: Map`. */
  readonly steps: readonly string[];
  /** Where the path begins: a variable, the exports of a module, or a root of V8 or Node. */
  readonly origin: 'variable' | 'module' | 'root';
  /** Names on the path that code may use, the last first. */
  readonly names: readonly string[];
  /** File, url or `node:` module of the variable or of the exports. */
  readonly script?: string;
  /** File or url of the class that has the holder as a field: its methods may be the only code that names it. */
  readonly fieldScript?: string;
  readonly className: string;
  /** Ids of the holder and of all above it on the path. */
  readonly chain: readonly number[];
}

interface Step {
  readonly kind: 'variable' | 'property' | 'key' | 'slot' | 'root' | 'module';
  readonly label: string;
  /** What the step leads to. */
  readonly node: number;
  /** What it leads from. */
  readonly from: number;
}

/** By which a handle of Node's knows the Socket or Server around it. */
const ownerOfHandle = '<symbol owner_symbol>';
/** What waits for a promise hangs on the promise itself. */
const reactions = 'reactions_or_result';
/** What a WeakMap has for an object hangs on that object: `1 / part of key (Map @5) -> value (Map @7) pair in WeakMap (table @9)`. */
const weakEntry = /^\d+ \/ part of key .* -> value .* pair in /;
const stepsMax = 60;
/** Functions that wrap functions hold one another without a name between them, as many as there were cycles. */
const farthest = 100_000;
const nameMax = 60;

/** Describes how objects are reached. */
export class RetainingPaths {
  /** By contexts, and by the cells of what modules export. */
  private readonly scripts = new Map<number, string>();
  private readonly exported: ReadonlyMap<number, ModuleVariable>;

  constructor(
    private readonly view: HeapView,
    private readonly tree: RetainingTree,
  ) {
    this.exported = moduleVariables(view);
    for (const [cell, { script }] of this.exported) this.scripts.set(cell, script);
  }

  /** Looks up the scripts of the contexts above these nodes; goes through all closures once. */
  prepare(owners: Iterable<number>): void {
    const wanted = new Set<number>();
    for (const owner of owners) {
      for (let node = owner; node >= 0; node = this.tree.parentNode[node]!) {
        if (this.view.isContext(node)) wanted.add(node);
      }
    }
    for (const closure of this.view.closures()) {
      for (const context of this.view.contextsOf(closure)) {
        if (!wanted.has(context) || this.scripts.has(context)) continue;
        const script = this.view.scriptOf(closure);
        if (script !== '') this.scripts.set(context, script);
      }
    }
  }

  /** @param label variable, property or slot of the owner that the growth hangs on, where it is only that one */
  describe(owner: number, label: string | undefined): RetainingPath {
    const { view } = this;
    const exported = this.exported.get(owner)?.name;
    const inContext = this.holdsVariables(owner);
    const steps = inContext ? [] : this.shownSteps(owner);
    if (exported !== undefined) steps.push({ kind: 'variable', label: exported, node: owner, from: owner });
    else if (label !== undefined && label !== reactions && !weakEntry.test(label)) {
      steps.push({ kind: inContext ? 'variable' : 'property', label, node: owner, from: owner });
    }
    const first = steps[0];
    const origin = first?.kind === 'variable' || first?.kind === 'module' ? first.kind : 'root';
    const script = origin === 'module' ? first?.label : first === undefined ? undefined : this.scripts.get(first.from);
    const fieldScript = this.scriptOfField(steps.at(-1));
    const isForeign = origin === 'root' || script?.startsWith('node:') === true;
    const ownExpression = isForeign ? this.ownExpression(steps) : undefined;
    return {
      expression: expressionOf(steps, (node) => this.classOf(node)),
      ...(ownExpression !== undefined && { ownExpression }),
      steps: steps.map((step) => this.describeStep(step)),
      origin,
      names: steps
        .filter(({ kind }) => kind === 'variable' || kind === 'property')
        .map((step) => step.label)
        .reverse(),
      className: inContext ? 'variable' : this.classOf(owner),
      chain: [owner, ...steps.map(({ from }) => from).reverse()].map((node) => view.graph.nodeId[node]!),
      ...(script !== undefined && { script }),
      ...(fieldScript !== '' && { fieldScript }),
    };
  }

  /** Empty where the last step is no field, or one of a class of V8 or Node. */
  private scriptOfField(step: Step | undefined): string {
    return step?.kind === 'property' ? this.scriptOfClass(step.from) : '';
  }

  /** Empty where an object is of a class of V8 or Node. */
  private scriptOfClass(node: number): string {
    const maker = this.view.makerOf(node);
    const script = maker < 0 ? '' : this.view.scriptOf(maker);
    return script.startsWith('node:') ? '' : script;
  }

  /** Who reads a path knows the objects of the target, and nothing of those of Node that it may lead through. */
  private ownExpression(steps: readonly Step[]): string | undefined {
    const first = steps.findIndex(({ from }, index) => index > 0 && this.scriptOfClass(from) !== '');
    if (first < 0) return undefined;
    return this.classOf(steps[first]!.from) + textOf(steps.slice(first), (node) => this.classOf(node));
  }

  /** A slot is shown where it leads to the holder itself: the Map that a WeakMap has for an object. */
  private shownSteps(owner: number): Step[] {
    const steps = this.stepsTo(owner);
    const shown = shorten(collapse(steps));
    const last = steps.at(-1);
    const hidden = last?.kind === 'slot' && shown.at(-1) !== last && this.view.typeOf(owner) === 'object';
    return hidden ? [...shown, { ...last, kind: 'key' }] : shown;
  }

  /** Steps from the nearest variable or module, or from a root, down to the node. */
  private stepsTo(owner: number): Step[] {
    const steps: Step[] = [];
    for (let node = owner; steps.length < farthest; ) {
      const parent = this.tree.parentNode[node]!;
      if (parent < 0) break;
      const file = this.fileOfModule(node);
      if (file !== undefined) {
        steps.push({ kind: 'module', label: file, node, from: parent });
        break;
      }
      const step = this.stepOf(parent, this.tree.parentEdge[node]!, node);
      steps.push(step);
      if (step.kind === 'variable' || step.kind === 'root') break;
      node = parent;
    }
    return steps.reverse();
  }

  private stepOf(from: number, edge: number, node: number): Step {
    const label = this.view.edgeLabel(edge);
    const step = (kind: Step['kind']): Step => ({ kind, label, node, from });
    switch (this.view.edgeTypeOf(edge)) {
      case 'context':
        return step('variable');
      case 'property':
        return step(label === ownerOfHandle ? 'root' : 'property');
      case 'element':
        return step(this.view.typeOf(from) === 'synthetic' ? 'root' : 'key');
      case 'shortcut':
        return step('root');
      default: {
        const exported = this.exported.get(from);
        if (exported !== undefined) return { ...step('variable'), label: exported.name };
        if (this.view.typeOf(from) === 'synthetic') return step('root');
        return step(isStorage(this.view, from) && /^\d+$/.test(label) ? 'key' : 'slot');
      }
    }
  }

  /** A module of `require`: a path begins there, since who else required it says nothing of what it holds. */
  private fileOfModule(node: number): string | undefined {
    const { view } = this;
    if (view.typeOf(node) !== 'object' || view.nameOf(node) !== 'Module') return undefined;
    const file = view.property(node, 'filename');
    const name = file < 0 ? '' : view.textOf(file);
    return name.startsWith('/') ? name : undefined;
  }

  private describeStep({ kind, label, node, from }: Step): string {
    // What the owner has there may be one thing now and another later.
    const isLabelOfOwner = node === from;
    const className = isLabelOfOwner || this.holdsVariables(node) ? '' : `: ${this.classOf(node)}`;
    if (kind === 'module') return `module ${label}`;
    if (kind === 'variable') return `${short(label)}${className}`;
    if (kind === 'property') return `${propertyText(label)}${className}`;
    return kind === 'key' ? `[...]${className}` : this.classOf(node);
  }

  private holdsVariables(node: number): boolean {
    return this.view.isContext(node) || this.exported.has(node);
  }

  private classOf(node: number): string {
    const type = this.view.typeOf(node);
    if (type === 'closure') return 'function';
    if (type === 'string' || type === 'concatenated string' || type === 'sliced string') return 'string';
    return short(this.view.nameOf(node).replace(/^system \/ /, ''));
  }
}

/** Storage is not worth a step, and a list is one step however long. */
function collapse(steps: readonly Step[]): Step[] {
  const shown: Step[] = [];
  for (const step of steps) {
    const before = shown.at(-1);
    const repeats = before !== undefined && before.kind === step.kind && before.label === step.label;
    if (repeats || (step.kind === 'slot' && shown.length > 0)) continue;
    shown.push(step);
  }
  return shown;
}

/** Where a path begins and where it ends shows more than what is between. */
function shorten(steps: readonly Step[]): Step[] {
  if (steps.length <= stepsMax) return [...steps];
  return [...steps.slice(0, stepsMax / 2), ...steps.slice(-stepsMax / 2)];
}

function expressionOf(steps: readonly Step[], classOf: (node: number) => string): string {
  return textOf(steps, classOf).replace(/^\./, '');
}

function textOf(steps: readonly Step[], classOf: (node: number) => string): string {
  const texts = steps.map(({ kind, label, node }, index) => {
    // `exports.sessions` is what a module says; what else it has, Node keeps for it: `module.children`.
    if (kind === 'module') return steps[index + 1]?.label === 'exports' ? '' : 'module';
    if (kind === 'key') return '[...]';
    if (kind === 'variable') return short(label);
    return kind === 'property' ? propertyText(label) : classOf(node);
  });
  return texts.join('');
}

function propertyText(label: string): string {
  if (label.startsWith('<symbol ')) return `[${label.slice(8, -1)}]`;
  return /^[\p{ID_Start}$_#][\p{ID_Continue}$]*$/u.test(label) ? `.${short(label)}` : `["${short(label)}"]`;
}

function short(text: string): string {
  return text.length > nameMax ? `${text.slice(0, nameMax)}...` : text;
}
