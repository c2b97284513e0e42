import { spawn } from 'node:child_process';
import { type ElfFile, readElf } from '../elf.js';

/** One function at an address; several where the compiler put one into another. */
export interface NativeFrame {
  /** As the language writes it, without hashes; absent where nothing is known. */
  readonly function?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

const tools = ['addr2line', 'llvm-addr2line'];
/** A large program with all of its debug information takes seconds. */
const answerTimeoutMs = 60_000;

/** Names of the tools that know lines. GNU's reads no C in programs of Go 1.25 and newer, LLVM's does. */
export async function findLineTools(): Promise<string[]> {
  const versions = await Promise.all(tools.map((tool) => run(tool, ['--version'], '')));
  return tools.filter((_, index) => versions[index] !== undefined);
}

/** Turns addresses of programs and libraries into functions and lines; what was asked once is kept. */
export class Symboliser {
  private readonly known = new Map<string, readonly NativeFrame[]>();
  private readonly files = new Map<string, ElfFile | undefined>();

  constructor(private readonly lineTools: readonly string[]) {}

  elf(path: string): ElfFile | undefined {
    if (!this.files.has(path)) this.files.set(path, readElf(path));
    return this.files.get(path);
  }

  /**
   * Looks up addresses in the terms of one file.
   * @returns for each address its frames, innermost first
   */
  async lookUp(path: string, addresses: readonly number[]): Promise<ReadonlyMap<number, readonly NativeFrame[]>> {
    const unknown = [...new Set(addresses)].filter((address) => !this.known.has(keyOf(path, address)));
    const found = await this.askTools(path, unknown);
    for (const address of unknown) {
      const bySymbol = this.fromSymbols(path, address);
      const frames = withoutBorrowedName(found.get(address) ?? [], bySymbol[0]?.function);
      const named = frames.filter((frame) => frame.function !== undefined);
      this.known.set(keyOf(path, address), named.length > 0 ? named : bySymbol);
    }
    return new Map(addresses.map((address) => [address, this.known.get(keyOf(path, address)) ?? []]));
  }

  /** What one tool finds no line for, the next is asked. */
  private async askTools(path: string, addresses: readonly number[]): Promise<Map<number, NativeFrame[]>> {
    const found = new Map<number, NativeFrame[]>();
    let left = addresses;
    for (const tool of this.lineTools) {
      if (left.length === 0) break;
      const input = left.map((address) => `0x${address.toString(16)}\n`).join('');
      const answer = parseAnswer((await run(tool, ['-a', '-f', '-i', '-C', '-e', path], input)) ?? '');
      for (const [address, frames] of answer) if (!found.has(address) || hasLine(frames)) found.set(address, frames);
      left = left.filter((address) => !hasLine(found.get(address) ?? []));
    }
    return found;
  }

  private fromSymbols(path: string, address: number): NativeFrame[] {
    const name = this.elf(path)?.functionAt(address);
    return [name === undefined ? {} : { function: readableName(name) }];
  }
}

/** A name that reports leave out, as those of closures and async functions in Rust. */
const noName = '{inlined}';

/**
 * Of functions that were put into another, GNU's tool gives the innermost the name of that other one where it has none of
 * its own: an async function of the user's was called like the library's that it was put into.
 */
export function withoutBorrowedName(frames: readonly NativeFrame[], outermost: string | undefined): NativeFrame[] {
  const [innermost, ...others] = frames;
  const isBorrowed = others.length > 0 && outermost !== undefined && innermost?.function === outermost;
  return isBorrowed ? [{ ...innermost, function: noName }, ...others] : [...frames];
}

function hasLine(frames: readonly NativeFrame[]): boolean {
  return frames.some(({ line }) => line !== undefined);
}

function keyOf(path: string, address: number): string {
  return `${address}@${path}`;
}

/** For each address its own line, then two for each frame: the function, and `file:line`. */
function parseAnswer(answer: string): Map<number, NativeFrame[]> {
  const found = new Map<number, NativeFrame[]>();
  let frames: NativeFrame[] = [];
  const lines = answer.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (/^0x[0-9a-f]+$/.test(line)) {
      frames = [];
      found.set(Number(line), frames);
    } else if (at + 1 < lines.length) {
      at += 1;
      frames.push(frameOf(line, lines[at]!));
    }
  }
  return found;
}

function frameOf(name: string, place: string): NativeFrame {
  const [, file, line] = /^(.*):(\d+)(?: \(discriminator \d+\))?$/.exec(place) ?? [];
  const isPlaced = file !== undefined && file !== '??' && Number(line) > 0;
  return {
    ...(name !== '??' && { function: readableName(name) }),
    ...(isPlaced && { file, line: Number(line) }),
  };
}

const expandedString = 'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >';

/** Hashes and parts that compilers append are left out, strings called as in C++, and names that the tool did not resolve taken apart. */
export function readableName(name: string): string {
  return legacyRustName(name)
    .replace(/::h[0-9a-f]{16}$/, '')
    .replace(/ \[clone [^\]]*\]/g, '')
    .replaceAll('[abi:cxx11]', '')
    .replaceAll(expandedString, 'std::string')
    .replace(/\.(?:constprop|isra|part|cold|llvm)[.\d]*/g, '');
}

const rustEscapes: Readonly<Record<string, string>> = {
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  C: ',',
};

/** `_ZN4main5State6create17h0123456789abcdefE` -> `main::State::create`; anything else as it is. */
function legacyRustName(name: string): string {
  if (!/^_ZN.*17h[0-9a-f]{16}E/.test(name)) return name;
  const parts: string[] = [];
  let rest = name.slice(3);
  for (let length = /^\d+/.exec(rest)?.[0]; length !== undefined; length = /^\d+/.exec(rest)?.[0]) {
    const end = length.length + Number(length);
    parts.push(rest.slice(length.length, end));
    rest = rest.slice(end);
  }
  const plain = (part: string) =>
    part
      .replace(/^_(?=\$)/, '')
      .replace(/\$(\w+?)\$/g, (whole, code: string) =>
        code.startsWith('u') ? String.fromCodePoint(Number.parseInt(code.slice(1), 16)) : (rustEscapes[code] ?? whole),
      )
      .replaceAll('..', '::');
  return parts.map(plain).join('::');
}

/** @returns what a command writes; undefined where it is not there, fails or takes too long */
function run(command: string, args: readonly string[], input: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: answerTimeoutMs });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? text : undefined));
    child.stdin.end(input);
  });
}
