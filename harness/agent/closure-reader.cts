/** Reads what JavaScript hides from JavaScript, by the inspector: the scopes of functions, their places, private members. */
import type inspector from 'node:inspector';
import type { RawFrame } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { readScripts, type Script, sourceMapUrlsOf } from './attribution-source-maps.cjs';
import { ask } from './inspector-session.cjs';

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly description?: string;
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

const objectGroup = 'plateau.closures';
/** Hands values to the inspector and back; there only while it is asked, in which no code of the target runs. */
const exchange = Symbol('plateau.exchange');

export type Scope = Readonly<Record<string, unknown>>;

export class ClosureReader {
  private scripts: Map<string, Script> | undefined;

  constructor(private readonly session: inspector.Session) {}

  /** The variables that a function can reach, innermost scope first, without the global ones. */
  scopesOf(ofFunction: object): Scope[] {
    const list = this.internal(ofFunction, '[[Scopes]]');
    if (list?.objectId === undefined) return [];
    return this.properties(list.objectId).result.flatMap(({ value }) => {
      if (value?.objectId === undefined || value.description === 'Global') return [];
      const scope = this.localOf(value.objectId, 'this.object') as Scope | undefined;
      return scope === undefined ? [] : [scope];
    });
  }

  /** What `bind` joined; undefined of any other function. */
  boundOf(ofFunction: object): { readonly target: unknown; readonly receiver: unknown } | undefined {
    const target = this.internal(ofFunction, '[[TargetFunction]]');
    if (target?.objectId === undefined) return undefined;
    const receiver = this.internal(ofFunction, '[[BoundThis]]')?.objectId;
    return {
      target: this.localOf(target.objectId, 'this'),
      receiver: receiver === undefined ? undefined : this.localOf(receiver, 'this'),
    };
  }

  /** Private members that are objects or functions, by name with the `#`. */
  privatesOf(object: object): Scope {
    const id = this.idOf(object);
    const { privateProperties = [] } = this.properties(id);
    return Object.fromEntries(
      privateProperties.flatMap(({ name, value }) =>
        value?.objectId === undefined ? [[name, value?.value]] : [[name, this.localOf(value.objectId, 'this')]],
      ),
    );
  }

  /** Where a function stands in the code; undefined of native ones. */
  placeOf(ofFunction: object, name: string): RawFrame | undefined {
    const place = this.internal(ofFunction, '[[FunctionLocation]]')?.value as
      | { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number }
      | undefined;
    this.scripts ??= readScripts(this.session);
    const url = place === undefined ? undefined : this.scripts.get(place.scriptId)?.url;
    return url === undefined ? undefined : [url, place!.lineNumber + 1, place!.columnNumber + 1, name];
  }

  /** By script url. */
  sourceMaps(): Record<string, string> {
    return sourceMapUrlsOf(this.scripts?.values() ?? []);
  }

  /** Live objects that have this one as a prototype. */
  instancesOf(prototype: object): readonly object[] {
    const { objects } = ask<{ objects: RemoteObject }>(this.session, 'Runtime.queryObjects', {
      prototypeObjectId: this.idOf(prototype),
      objectGroup,
    });
    return (this.localOf(objects.objectId!, 'this') as readonly object[] | undefined) ?? [];
  }

  /** Lets go of everything that the inspector was shown. */
  release(): void {
    ask(this.session, 'Runtime.releaseObjectGroup', { objectGroup });
  }

  private internal(object: object, name: string): RemoteObject | undefined {
    return this.properties(this.idOf(object)).internalProperties?.find((one) => one.name === name)?.value;
  }

  private properties(objectId: string): Properties {
    return ask<Properties>(this.session, 'Runtime.getProperties', { objectId, ownProperties: true });
  }

  private idOf(value: object): string {
    return withExchange({ value }, () => {
      const { result } = ask<{ result: RemoteObject }>(this.session, 'Runtime.evaluate', {
        expression: `${reached}.value`,
        objectGroup,
      });
      return result.objectId!;
    });
  }

  private localOf(objectId: string, expression: string): unknown {
    const box: { value?: unknown } = {};
    withExchange(box, () =>
      ask(this.session, 'Runtime.callFunctionOn', {
        objectId,
        functionDeclaration: `function () { ${reached}.value = ${expression}; }`,
        objectGroup,
      }),
    );
    return box.value;
  }
}

const reached = `globalThis[Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === '${exchange.description}')]`;

function withExchange<Result>(box: { value?: unknown }, use: () => Result): Result {
  Object.defineProperty(globalThis, exchange, { value: box, configurable: true, enumerable: false });
  try {
    return use();
  } finally {
    Reflect.deleteProperty(globalThis, exchange);
  }
}
