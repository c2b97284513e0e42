import { basename, isAbsolute, resolve } from 'node:path';
import type { StackFrame } from '../../model/runtime.js';
import { shortName } from './short-name.js';
import type { NativeFrame } from './symbolise.js';

/** A function at an address, in the program or library that it lies in. */
export interface PlacedFrame extends NativeFrame {
  /** Absolute path of the program or library. */
  readonly module: string;
}

/** What a frame belongs to when it is not the user's own: by the path of its source. */
const packages: readonly { readonly path: RegExp; name(...groups: string[]): string }[] = [
  { path: /\/registry\/src\/[^/]+\/([^/]+)-(\d[^/]*)\//, name: (name, version) => `${name}@${version}` },
  { path: /\/git\/checkouts\/(.+)-[0-9a-f]+\/([0-9a-f]+)\//, name: (name, revision) => `${name}@${revision}` },
  { path: /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//, name: (name) => name },
  { path: /^.*\/(?:site|dist)-packages\/([^/]+)\//, name: (name) => name },
  {
    path: /^\/(?:usr|opt)\/(?:.*\/)?include\/(?:[^/]+-linux-gnu\/)?([^/]+)/,
    name: (name) => name.replace(/\.\w+$/, ''),
  },
];
/** Sources and libraries of the languages themselves: no place that a user would look at. */
const standardSources =
  /^\/rustc\/|^\/rust\/deps\/|\/rustlib\/src\/rust\/library\/|^library\/(?:std|core|alloc)\/|\/include\/c\+\+\/|\/include\/(?:[^/]+-linux-gnu\/)?bits\/|(?:^|\/)cgo-gcc-prolog$/;
/** Of Go, whose names have a dot that no name in C has. */
const standardFunctions = /^(?:runtime\.|x_cgo_|_cgo_)/;
/** Python's own extensions lie in `lib-dynload`; Node has its library and that of the language in one program. */
const standardLibraries =
  /\/lib-dynload\/[^/]+$|\/node$|\/(?:ld|libc|libm|libpthread|libstdc\+\+|libc\+\+|libc\+\+abi|libgcc_s)[-.][^/]*$/;
const systemLibraries = /^\/(?:usr\/(?:local\/)?)?lib(?:32|64)?\//;

/**
 * A frame as reports show it; undefined for one without a line, and for those of the language's own library.
 * @param workingDirectory where paths begin that the compiler wrote down as relative ones
 */
export function stackFrameOf(frame: PlacedFrame, workingDirectory: string): StackFrame | undefined {
  const { file, line, module } = frame;
  if (file === undefined || line === undefined) return undefined;
  if (standardSources.test(file) || standardLibraries.test(module)) return undefined;
  if (frame.function !== undefined && standardFunctions.test(frame.function)) return undefined;
  const absolute = isAbsolute(file) ? resolve(file) : resolve(workingDirectory, file);
  const name =
    packageOf(absolute) ?? packageOf(module) ?? (systemLibraries.test(module) ? libraryName(module) : undefined);
  return {
    file: absolute,
    line,
    ...(frame.function !== undefined && !generatedName.test(frame.function) && { function: shortName(frame.function) }),
    ...(name !== undefined && { package: name }),
    isOwn: name === undefined,
  };
}

/** Of closures and async functions in Rust: `{async_fn#0}`. */
const generatedName = /^\{[^}]*\}$/;

function packageOf(file: string): string | undefined {
  for (const { path, name } of packages) {
    const match = path.exec(file);
    if (match !== null) return name(...match.slice(1));
  }
  return undefined;
}

/** `/usr/lib/x86_64-linux-gnu/libcrypto.so.3` -> `libcrypto`. */
function libraryName(path: string): string {
  return basename(path).replace(/[-.]?\d*\.so.*$/, '');
}

/** The interpreter of Python: its own objects it records itself, and what it calls allocates for itself. */
const interpreters = /\/(?:lib)?python[\d.]*(?:\.so[\d.]*)?$/;

export function isInterpreter(module: string): boolean {
  return interpreters.test(module);
}

/** Functions of allocators, C libraries and languages: names that say nothing of who allocates. */
const plumbing =
  /^(?:_*(?:libc_)?(?:malloc|calloc|realloc|memalign|strn?dup|start|main_impl)\b|operator new|alloc::|core::|std::|<(?:alloc|core|std)::|__rust|__rdl|_Zn|clone3?$|start_thread$)/;

/** An addon of Node, or an extension of Python: what it calls of those allocates for it. */
const addon = /\.node$|\.(?:cpython-[^/]*|abi3)\.so$/;

/**
 * Where a user may look who has no lines: the innermost function that is not of an allocator or a language, or the
 * library that it lies in. In an addon, where there is one.
 */
export function firstKnownFrame(frames: readonly PlacedFrame[]): PlacedFrame | undefined {
  const known = frames.filter(
    (frame) =>
      (!systemLibraries.test(frame.module) || addon.test(frame.module)) &&
      (frame.function === undefined || !plumbing.test(frame.function)),
  );
  return known.find(({ module }) => addon.test(module)) ?? known[0];
}

/** Where lines are missing although the program is there: its distribution may have those of its libraries. */
export function lacksLines(frames: readonly PlacedFrame[]): boolean {
  const built = frames.filter(({ module }) => !systemLibraries.test(module));
  return built.length > 0 && built.every(({ line }) => line === undefined);
}

/** By which Go calls C: `_cgo_7b1c_Cfunc_render`; C.CString calls `_Cmalloc`. */
const callFromGo = /^_cgo_[0-9a-f]+_C2?func_(_C(?=malloc$))?/;

/** `` `remember` in server``, `` `C.render` in server`` */
export function placeWords({ function: inBinary, module }: PlacedFrame): string {
  const name = inBinary === undefined ? undefined : shortName(inBinary.replace(callFromGo, 'C.'));
  const owner = packageOf(module);
  const library = owner === undefined ? basename(module) : `${basename(module)} of ${owner}`;
  return name === undefined ? library : `\`${name}\` in ${library}`;
}

/**
 * Not the program's: the profiler of a Node process and the inspector that drives it, for plateau, and the pages of the heaps of
 * V8 and of Go, which have metrics of their own.
 */
const foreignFunctions =
  /SamplingHeapProfiler|AllocationProfile|HeapSnapshot|v8_inspector::|node::inspector::|v8::internal::MemoryAllocator::|^x_cgo_mmap$/;

export function isForeign({ function: name }: PlacedFrame): boolean {
  return name !== undefined && foreignFunctions.test(name);
}

/** What is allocated below belongs to the thread that it starts. */
export function startsThread({ function: name }: PlacedFrame): boolean {
  return name !== undefined && /^_*pthread_create(?![a-z])/.test(name);
}

/** What a frame allocates itself is a task, which belongs to whoever spawns it. */
export function makesTask({ file }: StackFrame): boolean {
  return /\/tokio-\d[^/]*\/src\/runtime\/task\//.test(file);
}
