/** Which collections the code of a function names, in its own text and in that of the functions that it names. */
import type { NamedCollection } from '../model/pending-timer.js' with { 'resolution-mode': 'import' };
import type { ClosureReader } from './closure-reader.cjs';
import { longestTimeMs, readsClock } from './code-times.cjs';
import { entriesOf, expiresInMs, isCollection } from './collection-entries.cjs';

/** Functions and objects that are looked at for one function: code names few, and the target waits meanwhile. */
const visitsMax = 400;
const functionDepthMax = 5;
/** Classes with more live objects come and go with requests; a sweeper belongs to a few. */
export const receiversMax = 16;
const collectionsMax = 8;

export interface NamedByCode {
  readonly collections: readonly NamedCollection[];
  readonly keepsMs?: number;
}

/**
 * @param receiversOf the live objects whose class has this text in its body: `this` of an arrow function
 */
export function namedByCode(
  code: object,
  reader: ClosureReader,
  receiversOf: (text: string) => readonly object[],
): NamedByCode {
  const walk = new CodeWalk(reader, receiversOf);
  walk.enterFunction(code, 0);
  const collections = [...walk.collections]
    .filter(([, name]) => walk.texts.some((text) => takesFrom(name, text)))
    .map(([collection, name]) => ({ name, entries: entriesOf(collection), ...expiresInMs(collection) }))
    .sort((left, right) => right.entries - left.entries)
    .slice(0, collectionsMax);
  const keepsMs = walk.readsClock ? walk.longestTimeMs : 0;
  return { collections, ...(keepsMs > 0 && { keepsMs }) };
}

export function textOf(code: object): string {
  return Function.prototype.toString.call(code);
}

/** How times are called; other numbers count something. */
const timeName =
  /ttl|age|time|keep|kept|expir|interval|life|lives|period|idle|max|long|old|window|retention|after|ms$|minute|hour|day/i;

/** Whether code takes entries out of what it calls by a name, or lets it go for another: else it only looks. */
function takesFrom(name: string, text: string): boolean {
  const called = `(?<![$\\w#])${name.replaceAll('$', '\\$')}(?![$\\w])`;
  const removal = `${called}\\??\\.(delete|clear|splice|shift|pop)\\b`;
  const deletion = `\\bdelete\\s+[$\\w.#]*${called}\\[`;
  // A class assigns its members where it declares them, too.
  const assignment = text.startsWith('class') ? [] : [`${called}(\\.length)?\\s*=(?![=>])`];
  return new RegExp([removal, deletion, ...assignment].join('|')).test(text);
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/#?[$\w]+/g));
}

class CodeWalk {
  readonly collections = new Map<object, string>();
  longestTimeMs = 0;
  readsClock = false;
  readonly texts: string[] = [];
  private readonly seen = new Set<object>();

  constructor(
    private readonly reader: ClosureReader,
    private readonly receiversOf: (text: string) => readonly object[],
  ) {}

  enterFunction(code: object, depth: number): void {
    if (!this.isNew(code) || depth > functionDepthMax) return;
    const bound = this.reader.boundOf(code);
    const written = (bound?.target ?? code) as object;
    const text = textOf(written);
    if (this.isOfNode(written)) return;
    this.noteTimes(text);
    const words = wordsOf(text);
    if (typeof bound?.receiver === 'object' && bound.receiver !== null)
      this.enterObject('this', bound.receiver, words, depth);
    for (const scope of this.reader.scopesOf(written)) this.enterMembers(scope, words, depth);
    if (!words.has('this') || bound !== undefined) return;
    const receivers = this.receiversOf(text);
    if (receivers.length <= receiversMax)
      for (const receiver of receivers) this.enterObject('this', receiver, words, depth);
  }

  private noteTimes(text: string): void {
    this.texts.push(text);
    this.readsClock ||= readsClock(text);
    this.longestTimeMs = Math.max(this.longestTimeMs, longestTimeMs(text));
  }

  private isNew(value: object): boolean {
    if (this.seen.has(value) || this.seen.size >= visitsMax) return false;
    this.seen.add(value);
    return true;
  }

  /** Variables or members that are named; getters are read, and never run. */
  private enterMembers(holder: object, words: ReadonlySet<string>, depth: number): void {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (!words.has(name)) continue;
      const { value, get } = Object.getOwnPropertyDescriptor(holder, name)!;
      if (get === undefined) this.enterValue(name, value, words, depth);
      else this.enterFunction(get, depth + 1);
    }
  }

  private enterValue(name: string, value: unknown, words: ReadonlySet<string>, depth: number): void {
    if (typeof value === 'number' && timeName.test(name))
      this.longestTimeMs = Math.max(this.longestTimeMs, longestTimeMs(String(value)));
    else if (typeof value === 'function') this.enterFunction(value, depth + 1);
    else if (typeof value === 'object' && value !== null) this.enterObject(name, value, words, depth);
  }

  /** Its members that the code names, and those that its methods name which the code names. */
  private enterObject(name: string, object: object, words: ReadonlySet<string>, depth: number): void {
    if (!this.isNew(object)) return;
    if (isCollection(object)) this.collections.set(object, name);
    if (ArrayBuffer.isView(object) || Array.isArray(object) || object === globalThis || depth > functionDepthMax)
      return;
    const privates = this.reader.privatesOf(object);
    const known = new Set(words);
    this.learnFromMethods(methodsOf(object), known, depth);
    if ([...known].some((word) => word.startsWith('#') && !(word in privates)))
      this.learnFromClass(object, known, depth);
    this.enterMembers(object, known, depth + 1);
    for (const [member, value] of Object.entries(privates))
      if (known.has(member)) this.enterValue(member, value, known, depth + 1);
  }

  /** Private methods are shown nowhere but in the text of their class. */
  private learnFromClass(object: object, known: Set<string>, depth: number): void {
    const prototype = Object.getPrototypeOf(object) as object;
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof maker === 'function') this.learnFrom(maker, known, depth);
  }

  private learnFrom(code: object, known: Set<string>, depth: number): void {
    if (this.isOfNode(code)) return;
    const text = textOf(code);
    const words = wordsOf(text);
    for (const word of words) known.add(word);
    this.noteTimes(text);
    for (const scope of this.reader.scopesOf(code)) this.enterMembers(scope, words, depth + 1);
  }

  private isOfNode(code: object): boolean {
    return this.reader.placeOf(code, '')?.[0].startsWith('node:') ?? true;
  }

  /** Adds the words of each method that is named, of those that it names, and so on. */
  private learnFromMethods(methods: Map<string, object>, known: Set<string>, depth: number): void {
    for (let added = true; added; ) {
      added = false;
      for (const [method, code] of methods) {
        if (!known.has(method)) continue;
        methods.delete(method);
        this.learnFrom(code, known, depth);
        added = true;
      }
    }
  }
}

/** Methods of its classes that are written in JavaScript. */
function methodsOf(object: object): Map<string, object> {
  const methods = new Map<string, object>();
  let link = Object.getPrototypeOf(object) as object | null;
  for (; link !== null && link !== Object.prototype; link = Object.getPrototypeOf(link) as object | null)
    for (const name of Object.getOwnPropertyNames(link)) {
      const { value, get } = Object.getOwnPropertyDescriptor(link, name)!;
      const code = (value ?? get) as unknown;
      if (name === 'constructor' || typeof code !== 'function' || methods.has(name)) continue;
      if (!textOf(code).endsWith('{ [native code] }')) methods.set(name, code);
    }
  return methods;
}
