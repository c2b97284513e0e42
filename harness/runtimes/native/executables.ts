import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { Launch } from '../../model/runtime.js';
import { executableOf } from '../../platform/executable.js';
import { type ElfFile, readElf } from '../elf.js';

/** Programs with a runtime of their own, which other folders look into. */
const otherRuntimes =
  /^(node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|java|ruby[\d.]*|(redis|valkey)-server|redis-sentinel|postgres|postmaster|pg_ctl)$/;
/** Programs that do nothing but start others, in this or in a new process. */
const launchers =
  /^((ba|da|k|z|a)?sh|busybox|env|timeout|nice|ionice|nohup|setsid|stdbuf|taskset|chrt|numactl|time|tini|dumb-init|catatonit|npm|npx|yarn|yarnpkg|pnpm|make|just|cargo)$/;

/** - `native`: machine code; `launcher`: starts what may be; `other`: of another runtime */
export type ExecutableKind = 'native' | 'launcher' | 'other';

/** Whether machine code that can be counted may come to run with a command. */
export function mayRunCounted({ file, workingDirectory, environment }: Launch): boolean {
  const path = executableOf(file, { workingDirectory, searchPath: environment.PATH });
  if (path === undefined) return false;
  if (launchers.test(basename(path))) return true;
  const interpreter = interpreterIn(path);
  if (interpreter !== undefined) return launchers.test(interpreter);
  const elf = kindOfName(path) === 'native' ? readElf(path) : undefined;
  if (elf === undefined) return false;
  const obstacle = obstacleOf(elf);
  return obstacle === undefined || obstacle.mayBePassed === true;
}

/** By its name, which is all that is looked at. */
export function kindOfName(path: string): ExecutableKind {
  const name = basename(path);
  return otherRuntimes.test(name) ? 'other' : launchers.test(name) ? 'launcher' : 'native';
}

/** Name of the program that runs a script: `#!/usr/bin/env -S bash -e` -> `bash`. */
function interpreterIn(path: string): string | undefined {
  const start = Buffer.alloc(256);
  const descriptor = openSync(path, 'r');
  let line: string;
  try {
    line = start.toString('latin1', 0, readSync(descriptor, start, 0, start.length, 0)).split('\n')[0]!;
  } finally {
    closeSync(descriptor);
  }
  if (!line.startsWith('#!')) return undefined;
  const [program = '', ...rest] = line.slice(2).trim().split(/\s+/);
  const name = basename(program);
  return name === 'env' ? rest.find((word) => !word.startsWith('-') && !word.includes('=')) : name;
}

const sanitizers = /^lib(clang_rt\.)?(asan|tsan|msan|hwasan|lsan|ubsan)/;
const sanitizerSymbol = /^__(asan|tsan|msan|hwasan)_init$/;

/** Allocators that are linked into a program and get their memory from the kernel: how each is recognised. */
const ownAllocators = [
  { name: 'jemalloc', symbol: /^(_rjem_|je_)?mallocx$/, text: '<jemalloc>' },
  { name: 'mimalloc', symbol: /^_?mi_malloc$/, text: 'mimalloc: ' },
  { name: 'tcmalloc', symbol: /^tc_malloc$/, text: 'tcmalloc: ' },
  { name: 'snmalloc', symbol: /^sn_(rust_)?(alloc|malloc)$/, text: 'snmalloc' },
];

/** Rust code calls these by entries that the library replaces, unless the program is stripped of its symbols. */
const passable = /^(_rjem_sdallocx|mi_free)$/;
const systemsAllocator =
  'build it with the allocator of the system for the soak (its leaks are the same), or in Rust without `strip`';

/** Why the allocations of a program cannot be counted from a preloaded library, and what to do. */
export interface Obstacle {
  readonly reason: string;
  readonly hint: string;
  /** The library may get between the program and its allocator, which shows when it runs. */
  readonly mayBePassed?: true;
}

/** @returns undefined where nothing stands in the way */
export function obstacleIn(path: string): Obstacle | undefined {
  const elf = readElf(path);
  return elf === undefined ? undefined : obstacleOf(elf);
}

function obstacleOf(elf: ElfFile): Obstacle | undefined {
  if (elf.bits === 32) return { reason: 'it is a 32-bit program', hint: 'build it for 64 bits' };
  if (elf.interpreter === undefined) {
    return {
      reason: 'it is linked statically, so that nothing can be loaded into it',
      hint: 'build it dynamically for the soak (Rust: the -gnu target without +crt-static; C: without -static)',
    };
  }
  if (elf.needed.some((name) => sanitizers.test(name)) || elf.defines(sanitizerSymbol) !== undefined) {
    return { reason: 'it is built with a sanitizer, which has an allocator of its own', hint: 'build it without' };
  }
  const allocator = ownAllocators.find(({ symbol, text }) => elf.defines(symbol) !== undefined || elf.mentions(text));
  if (allocator !== undefined) {
    return {
      reason: `it allocates with ${allocator.name}, which is linked into it`,
      hint: systemsAllocator,
      ...(elf.defines(passable) !== undefined && { mayBePassed: true }),
    };
  }
  return elf.exports('malloc')
    ? { reason: 'it has a malloc of its own', hint: 'build it with the allocator of the system for the soak' }
    : undefined;
}
