import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceMethod } from './attribution-collections.cjs';
import { onLeave } from './leaving.cjs';

type Method = (...parameters: unknown[]) => unknown;
type Capture = (above: Method) => number;

export interface OpenDescriptor {
  readonly descriptor: number;
  /** `file`, `directory`, `socket`, `pipe`, `anonymous`, ... */
  readonly type: string;
  /** Path, or what the kernel calls it. */
  readonly target: string;
  /** Where it was opened, when that was by `node:fs`. */
  readonly stack: number | undefined;
}

export interface DescriptorWatch {
  open(): OpenDescriptor[];
  /** Files made in the temporary directory that are still there. */
  temporaryFiles(): { readonly path: string; readonly stack: number }[];
}

/** Files that are remembered; beyond, those that are gone make room. */
const filesMax = 20_000;

/**
 * Remembers where each descriptor was opened by `fs.open`, `fs.openSync` and `fs.promises.open`, and so by streams.
 * A number is used again after it was closed: what is open is asked of the kernel.
 */
export function watchDescriptors(capture: Capture): DescriptorWatch {
  const stacks = new Map<number, number>();
  const made = new MadeFiles();
  onLeave(syncBuiltinESMExports);
  wrapOpen(capture, stacks, made);
  wrapMaking(capture, made);
  syncBuiltinESMExports();
  return {
    open: () =>
      listOpen().map(({ descriptor, target }) => {
        const type = typeOf(descriptor, target);
        return { descriptor, target, type, stack: type === 'socket' ? undefined : stacks.get(descriptor) };
      }),
    temporaryFiles: () => made.present(),
  };
}

/** Where files in the temporary directory were made. */
class MadeFiles {
  private readonly stacks = new Map<string, number>();
  private readonly directory = os.tmpdir() + path.sep;

  note(file: unknown, stack: number): void {
    const name = file instanceof URL ? fileURLToPath(file) : file;
    if (typeof name !== 'string' || !path.resolve(name).startsWith(this.directory)) return;
    if (this.stacks.size >= filesMax) this.forgetGone();
    if (this.stacks.size < filesMax) this.stacks.set(path.resolve(name), stack);
  }

  present(): { path: string; stack: number }[] {
    this.forgetGone();
    return Array.from(this.stacks, ([file, stack]) => ({ path: file, stack }));
  }

  private forgetGone(): void {
    for (const file of this.stacks.keys()) if (!fs.existsSync(file)) this.stacks.delete(file);
  }
}

function wrapOpen(capture: Capture, stacks: Map<number, number>, made: MadeFiles): void {
  const { open, openSync } = fs;
  const { open: openPromise } = fs.promises;
  function wrappedOpen(...parameters: unknown[]): unknown {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      const stack = capture(wrappedOpen);
      parameters[parameters.length - 1] = function opened(this: unknown, error: unknown, descriptor: number) {
        if (!error) noteOpened(descriptor, parameters, stack);
        return Reflect.apply(callback, this, [error, descriptor]);
      };
    }
    return Reflect.apply(open, fs, parameters);
  }
  function wrappedOpenSync(...parameters: unknown[]): unknown {
    const descriptor = Reflect.apply(openSync, fs, parameters) as number;
    noteOpened(descriptor, parameters, capture(wrappedOpenSync));
    return descriptor;
  }
  async function wrappedOpenPromise(...parameters: unknown[]): Promise<unknown> {
    const stack = capture(wrappedOpenPromise);
    const handle = (await Reflect.apply(openPromise, fs.promises, parameters)) as fs.promises.FileHandle;
    noteOpened(handle.fd, parameters, stack);
    return handle;
  }
  const noteOpened = (descriptor: number, [file, flags]: readonly unknown[], stack: number) => {
    stacks.set(descriptor, stack);
    if (makes(flags)) made.note(file, stack);
  };
  replaceMethod(fs, 'open', wrappedOpen);
  replaceMethod(fs, 'openSync', wrappedOpenSync);
  replaceMethod(fs.promises, 'open', wrappedOpenPromise);
}

function makes(flags: unknown): boolean {
  return typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : /^[aw]/.test(String(flags));
}

/** Ways to make a file that do not go through `fs.open`; the argument that names it. */
const makers: readonly (readonly [owner: object, name: string, argument: number])[] = [
  [fs, 'writeFile', 0],
  [fs, 'writeFileSync', 0],
  [fs, 'appendFileSync', 0],
  [fs, 'copyFile', 1],
  [fs, 'copyFileSync', 1],
  [fs.promises, 'writeFile', 0],
  [fs.promises, 'appendFile', 0],
  [fs.promises, 'copyFile', 1],
];

function wrapMaking(capture: Capture, made: MadeFiles): void {
  for (const [owner, name, argument] of makers) {
    const original = Reflect.get(owner, name) as Method;
    const wrapper = {
      [name](...parameters: unknown[]): unknown {
        made.note(parameters[argument], capture(wrapper));
        return Reflect.apply(original, owner, parameters);
      },
    }[name] as Method;
    replaceMethod(owner, name, wrapper);
  }
}

/** Empty where there is no `/proc`. */
function listOpen(): { descriptor: number; target: string }[] {
  let names: string[] = [];
  try {
    names = fs.readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      return [{ descriptor: Number(name), target: fs.readlinkSync(`/proc/self/fd/${name}`) }];
    } catch {
      return [];
    }
  });
}

function typeOf(descriptor: number, target: string): string {
  if (target.startsWith('socket:')) return 'socket';
  if (target.startsWith('pipe:')) return 'pipe';
  if (target.startsWith('anon_inode:')) return 'anonymous';
  try {
    return fs.fstatSync(descriptor).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'file';
  }
}
