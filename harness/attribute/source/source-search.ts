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

/** Longer functions are searched no further. */
const linesMax = 2_000;

/**
 * Where the function that starts at `start` ends, by its brackets. V8 lets a function start at its parameters.
 * Understands strings, templates and comments, not regular expressions that hold brackets.
 */
export function functionExtent(lines: readonly string[], start: SourcePlace): SourceExtent {
  const text = new SourceText(lines, start);
  let depth = 0;
  let inBody = false;
  for (let character = text.next(); character !== ''; character = text.next()) {
    if ('([{'.includes(character)) {
      if (character === '{' && depth === 0) inBody = true;
      depth += 1;
    } else if (')]}'.includes(character)) {
      depth -= 1;
      if (depth < 0 || (depth === 0 && inBody && character === '}')) break;
    } else if (depth === 0 && (character === ';' || character === ',')) break;
    if (text.line - start.line > linesMax) break;
  }
  return { first: start.line, last: Math.min(text.line, lines.length) };
}

/** Characters that are code: what stands in strings and comments is skipped. */
class SourceText {
  line: number;
  private column: number;

  constructor(
    private readonly lines: readonly string[],
    { line, column }: SourcePlace,
  ) {
    this.line = line;
    this.column = column - 1;
  }

  /** Empty at the end. */
  next(): string {
    for (;;) {
      const text = this.lines[this.line - 1];
      if (text === undefined) return '';
      if (this.column >= text.length || text.startsWith('//', this.column)) {
        this.line += 1;
        this.column = 0;
      } else if (text.startsWith('/*', this.column)) this.skipTo('*/', this.column + 2);
      else {
        const character = text[this.column]!;
        this.column += 1;
        if (character === '`') this.skipTo('`', this.column);
        else if (character === "'" || character === '"') this.skipString(text, character);
        else return character;
      }
    }
  }

  private skipTo(end: string, from: number): void {
    for (let column = from; this.line <= this.lines.length; column = 0, this.line += 1) {
      const found = this.lines[this.line - 1]!.indexOf(end, column);
      if (found < 0) continue;
      this.column = found + end.length;
      return;
    }
  }

  private skipString(text: string, quote: string): void {
    while (this.column < text.length && text[this.column] !== quote) this.column += text[this.column] === '\\' ? 2 : 1;
    this.column += 1;
  }
}

const addingMethods =
  'set|add|push|unshift|on|once|addListener|prependListener|prependOnceListener|addEventListener|then|catch|finally|register|append|enqueue|subscribe|pipe|enterWith|defineProperty';
const addingCall = new RegExp(`^\\??\\.(?:${addingMethods})\\(|^\\??\\.splice\\([^,()]*,[^,()]*,`, 'u');
const assignment = /^((?:\s*\[[^\]]*\])*)\s*(?:\|\||&&|\?\?|\+)?=(?![=>])\s*(.*)$/u;
const removingCall =
  /^\??\.(?:delete|clear|shift|pop|splice|off|remove\w*|unregister|unsubscribe|unpipe|filter|length\s*=)(?![\p{ID_Continue}$])/u;
const nothing = String.raw`(?:\[\s*\]|\{\s*\}|''|""|${'``'}|null|undefined|0|void 0|new \w+\(\)|Object\.create\(null\))`;
/** `{}`, `new Map()`, `{ events: [] }`: the holder begins, or begins anew. */
const emptyValue = new RegExp(
  `^(?:${nothing}|\\{(?:\\s*[\\w$#]+\\s*:\\s*${nothing}\\s*,?)+\\s*\\})\\s*[;,)}]*\\s*(?://.*)?$`,
);
/** `x || {}`: begun if it was not. */
const unlessBegun = /^[\w$.#]+\s*(?:\|\||\?\?)\s*/;
/** Under a key, this lets go what was there; anything else is an entry, however empty. */
const letGo = /^(?:null|undefined|void 0)\s*[;,)}]*\s*(?:\/\/.*)?$/;
const declared = /(?:\b(?:const|let|var)\s+|\bdelete\s+[\w$.#]*)$/;

/** Assigned is a part of what was there. */
const fewer = /^[\w$.#]+\.(?:filter|slice)\(/;

type Mention = 'adds' | 'removes' | 'speaks';

/** What the code around a name does to what has it. */
function mentionOf(before: string, after: string): Mention {
  if (addingCall.test(after)) return 'adds';
  const [, key, assigned] = assignment.exec(after) ?? [];
  if (assigned !== undefined) {
    const begins = key === '' ? emptyValue.test(assigned.replace(unlessBegun, '')) : letGo.test(assigned);
    return declared.test(before) || begins || fewer.test(assigned) ? 'removes' : 'adds';
  }
  return removingCall.test(after) || declared.test(before) ? 'removes' : 'speaks';
}

/**
 * The line within a function that adds to something of one of these names, the likeliest first. Lines that only empty
 * it, or that it begins at, are passed over.
 * @returns undefined when no line speaks of any of them; `adds` is false for one that only does that
 */
export function findAddition(
  lines: readonly string[],
  { first, last }: SourceExtent,
  names: readonly string[],
): (SourcePlace & { readonly adds: boolean }) | undefined {
  const words = names.map(
    (name) => new RegExp(`(?<![\\p{ID_Continue}$])${escapeForPattern(name)}(?![\\p{ID_Continue}$])`, 'gu'),
  );
  let best: (SourcePlace & { score: number; adds: boolean }) | undefined;
  for (let line = first; line <= last; line += 1) {
    const text = lines[line - 1] ?? '';
    if (/^\s*(\/\/|\*)/.test(text)) continue;
    const mentions = words.flatMap((word, order) =>
      Array.from(text.matchAll(word), ({ 0: name, index }) => ({
        order,
        column: index + 1,
        mention: mentionOf(text.slice(0, index), text.slice(index + name.length)),
      })),
    );
    const adding = mentions.find(({ mention }) => mention === 'adds');
    if (adding === undefined && mentions.some(({ mention }) => mention === 'removes')) continue;
    const mention = adding ?? mentions[0];
    if (mention === undefined) continue;
    const score = (adding === undefined ? 1 : 10) - mention.order / 100;
    if (best === undefined || score > best.score)
      best = { line, column: mention.column, score, adds: adding !== undefined };
  }
  return best;
}

/** The first line that imports what is known only when it runs. */
export function findDynamicImport(lines: readonly string[]): SourcePlace | undefined {
  for (let index = 0; index < lines.length; index += 1) {
    const match = /(?<![\w$.])import\((?!\s*['"][^'"]*['"]\s*\))/.exec(lines[index]!);
    if (match !== null && !/^\s*(\/\/|\*)/.test(lines[index]!)) return { line: index + 1, column: match.index + 1 };
  }
  return undefined;
}

/** The first line within a function that calls `name` or makes one. */
export function findCall(
  lines: readonly string[],
  { first, last }: SourceExtent,
  name: string,
): SourcePlace | undefined {
  const call = new RegExp(`(?<![\\p{ID_Continue}$])${escapeForPattern(name)}\\s*(?:<[^>]*>)?\\(`, 'u');
  for (let line = first; line <= last; line += 1) {
    const match = call.exec(lines[line - 1] ?? '');
    if (match !== null) return { line, column: match.index + 1 };
  }
  return undefined;
}

/** Where a variable of this name is declared, or where a field of this name gets its first value. */
export function findDeclaration(
  lines: readonly string[],
  name: string,
  kind: 'variable' | 'property',
): SourcePlace | undefined {
  const escaped = escapeForPattern(name);
  const end = '(?![\\p{ID_Continue}$])';
  const unnamed = ['\\bexport\\s+default\\b'];
  const variable = [
    `\\b(?:const|let|var|function|class)\\s+(?:[^;]*[,{[]\\s*)?${escaped}\\s*(?:[=,;:}({\\]]|$)`,
    `\\bimport\\b[^'"]*(?<![\\p{ID_Continue}$])${escaped}${end}`,
  ];
  const property = [
    `(?:^|[{;])\\s*(?:(?:public|private|protected|readonly|static|declare)\\s+)*${escaped}\\s*[:=][^=>]`,
    `\\.${escaped}\\s*=[^=>]`,
    `[{,]\\s*${escaped}\\s*:`,
  ];
  for (const pattern of kind === 'property' ? property : name === 'default' ? unnamed : variable) {
    const declares = new RegExp(pattern, 'u');
    for (let index = 0; index < lines.length; index += 1) {
      const match = declares.exec(lines[index] ?? '');
      if (match !== null) return { line: index + 1, column: match.index + match[0].lastIndexOf(name) + 1 };
    }
  }
  return undefined;
}

function escapeForPattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
