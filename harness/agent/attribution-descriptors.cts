import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { replaceMethod } from './attribution-collections.cjs';

type Method = (...parameters: unknown[]) => unknown;

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
}

/**
 * Remembers where each descriptor was opened by `fs.open`, `fs.openSync` and `fs.promises.open`, and so by streams.
 * A number is used again after it was closed: what is open is asked of the kernel.
 */
export function watchDescriptors(capture: (above: Method) => number): DescriptorWatch {
  const stacks = new Map<number, number>();
  wrapOpen(capture, stacks);
  return {
    open: () =>
      listOpen().map(({ descriptor, target }) => {
        const type = typeOf(descriptor, target);
        return { descriptor, target, type, stack: type === 'socket' ? undefined : stacks.get(descriptor) };
      }),
  };
}

function wrapOpen(capture: (above: Method) => number, stacks: Map<number, number>): void {
  const { open, openSync } = fs;
  const { open: openPromise } = fs.promises;
  function wrappedOpen(...parameters: unknown[]): unknown {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') {
      const stack = capture(wrappedOpen);
      parameters[parameters.length - 1] = function opened(this: unknown, error: unknown, descriptor: number) {
        if (!error) stacks.set(descriptor, stack);
        return Reflect.apply(callback, this, [error, descriptor]);
      };
    }
    return Reflect.apply(open, fs, parameters);
  }
  function wrappedOpenSync(...parameters: unknown[]): unknown {
    const descriptor = Reflect.apply(openSync, fs, parameters) as number;
    stacks.set(descriptor, capture(wrappedOpenSync));
    return descriptor;
  }
  async function wrappedOpenPromise(...parameters: unknown[]): Promise<unknown> {
    const stack = capture(wrappedOpenPromise);
    const handle = (await Reflect.apply(openPromise, fs.promises, parameters)) as fs.promises.FileHandle;
    stacks.set(handle.fd, stack);
    return handle;
  }
  replaceMethod(fs, 'open', wrappedOpen);
  replaceMethod(fs, 'openSync', wrappedOpenSync);
  replaceMethod(fs.promises, 'open', wrappedOpenPromise);
  syncBuiltinESMExports();
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
