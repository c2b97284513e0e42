import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { homedir, hostname } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mallocReaderFile } from '../../model/agent-protocol.js';
import { noInsideView } from '../../model/errors.js';
import type { RuntimePurpose } from '../../model/runtime.js';

const execute = promisify(execFile);

const compilers = ['cc', 'gcc', 'clang'];
const compileTimeoutMs = 60_000;
const header = 'preload.h';
/** Counts allocations, records them, moves the clocks on, or reads the allocator of a Node process that it is loaded into. */
export type PreloadKind = RuntimePurpose | 'clock' | 'reader';

const counterSources = [
  'counter-file.c',
  'allocation-counter.c',
  'mapped-regions.c',
  'block-table.c',
  'linked-allocator.c',
];
const sources: Readonly<Record<PreloadKind, readonly string[]>> = {
  measure: counterSources,
  cause: [...counterSources, 'live-blocks.c', 'resource-openers.c'],
  clock: ['virtual-clock.c'],
  reader: ['malloc-reader.c'],
};
const libraryNames: Readonly<Record<PreloadKind, string>> = {
  measure: 'allocation-counter.so',
  cause: 'allocation-recorder.so',
  clock: 'virtual-clock.so',
  reader: mallocReaderFile,
};
const flags = ['-std=gnu11', '-O2', '-fPIC', '-shared', '-ftls-model=initial-exec'];
/** Of older C libraries, functions of threads and of dynamic linking lie in libraries of their own. */
const libraries = ['-pthread', '-ldl'];

/** Whether a file is a preloaded library of some kinds. */
export function isPreload(
  path: string,
  kinds: readonly PreloadKind[] = Object.keys(sources) as PreloadKind[],
): boolean {
  return kinds.some((kind) => basename(path) === libraryNames[kind]);
}

/**
 * Path of the library of a kind; compiled on first use and kept for this user.
 * @param directory where it is put when there is no safe place that outlasts the run, or its path cannot be preloaded
 * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` without a C compiler
 */
export async function buildPreload(kind: PreloadKind, directory: string): Promise<string> {
  const compiler = await findCompiler();
  const texts = [header, ...sources[kind]].map((name) => readFileSync(sourcePath(name)));
  const key = createHash('sha256');
  for (const part of [compiler.version, hostname(), process.arch, ...flags, ...texts]) key.update(part).update('\0');
  const kept = keptDirectory(key.digest('hex').slice(0, 16));
  const library = await compileInto(kept ?? directory, kind, compiler.name);
  if (isPreloadable(library)) return library;
  const copy = join(directory, libraryNames[kind]);
  if (!isPreloadable(copy)) {
    throw noInsideView(
      `${libraryNames[kind]} cannot be preloaded from ${copy}: the path has a space or a colon`,
      'set TMPDIR to a path without them',
    );
  }
  if (library !== copy) copyFileSync(library, copy);
  return copy;
}

/** The dynamic linker splits what it is to preload at spaces and colons. */
function isPreloadable(path: string): boolean {
  return !/[\s:]/.test(path);
}

export interface Compiler {
  readonly name: string;
  /** One line. */
  readonly version: string;
}

/** @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` */
export async function findCompiler(): Promise<Compiler> {
  for (const name of compilers) {
    try {
      const { stdout } = await execute(name, ['--version'], { timeout: compileTimeoutMs });
      return { name, version: stdout.split('\n')[0]! };
    } catch {
      // Not installed, or of no use: the next one may be.
    }
  }
  throw noInsideView(
    'allocations cannot be counted, nor clocks be moved on: no C compiler (cc) was found',
    'install gcc or clang with the headers of the C library (Debian: apt-get install gcc libc6-dev)',
  );
}

/** Two at once each compile for themselves; the last to finish replaces what is the same. */
async function compileInto(directory: string, kind: PreloadKind, compiler: string): Promise<string> {
  const library = join(directory, libraryNames[kind]);
  if (isOwnFile(library)) return library;
  const workshop = mkdtempSync(join(directory, 'build-'));
  const made = join(workshop, libraryNames[kind]);
  try {
    const files = sources[kind].map(sourcePath);
    const defines = kind === 'cause' ? ['-DRECORDING'] : [];
    await execute(compiler, [...flags, ...defines, '-o', made, ...files, ...libraries], { timeout: compileTimeoutMs });
    chmodSync(made, 0o500);
    renameSync(made, library);
  } catch (cause) {
    const lines = String((cause as { stderr?: string }).stderr ?? cause).trim();
    throw noInsideView(
      `${compiler} could not compile ${libraryNames[kind]}: ${lines.split('\n')[0]}`,
      'install the headers of the C library (Debian: apt-get install libc6-dev)',
      cause,
    );
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return library;
}

function sourcePath(name: string): string {
  return fileURLToPath(new URL(`./preload/${name}`, import.meta.url));
}

/** Only what this user alone can have written is ever loaded into a process. */
function keptDirectory(key: string): string | undefined {
  const root = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const own = join(root, 'plateau');
  const path = join(own, `preload-${key}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
    return [own, path].every((directory) => isPrivate(lstatSync(directory), 'directory')) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isOwnFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && isPrivate(stat, 'file');
}

function isPrivate(stat: Stats, kind: 'directory' | 'file'): boolean {
  const isOfKind = kind === 'directory' ? stat.isDirectory() : stat.isFile();
  return isOfKind && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}
