import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityCheck } from '../../model/doctor-report.js';
import { PlateauError } from '../../model/errors.js';
import type { Launch } from '../../model/runtime.js';
import { readFileMappings } from '../../platform/file-mappings.js';
import { readGoBuildInfo } from '../go/build-info.js';
import { buildPreload, findCompiler, isPreload } from './build-preload.js';

const fileVariable = 'PLATEAU_CLOCK';
const fileMode = 0o600;
const offsetBytes = 8;
const nanosecondsAMillisecond = 1_000_000n;

/**
 * The clocks of the C library in the processes of a target, which a preloaded library moves on. Waits of those processes
 * end when their clocks say so: sleeps, conditions and semaphores with a time limit, `poll`, `select`, `epoll`. libfaketime
 * moves clocks too, but a Python thread that waits for an event with a time limit never wakes under it (0.9.10).
 */
export class VirtualClock {
  private movedMs = 0;

  private constructor(private readonly file: string) {}

  /** @param directory a new one */
  static create(directory: string): VirtualClock {
    const file = join(directory, 'clock');
    writeFileSync(file, Buffer.alloc(offsetBytes), { mode: fileMode, flag: 'wx' });
    return new VirtualClock(file);
  }

  /**
   * What a command is started with so that its clocks can be moved on.
   * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` where the library cannot be made
   */
  async environment({
    directory,
    environment,
  }: Pick<Launch, 'directory' | 'environment'>): Promise<Record<string, string>> {
    const library = await buildPreload('clock', directory);
    const before = environment.LD_PRELOAD;
    return { LD_PRELOAD: before ? `${library}:${before}` : library, [fileVariable]: this.file };
  }

  /** @returns how far the clocks are ahead of real time, ms */
  moveOn(byMs: number): number {
    this.movedMs += byMs;
    const offset = Buffer.alloc(offsetBytes);
    offset.writeBigInt64LE(BigInt(Math.round(this.movedMs)) * nanosecondsAMillisecond);
    // What is mapped by others stays one file.
    const descriptor = openSync(this.file, constants.O_WRONLY);
    writeSync(descriptor, offset);
    closeSync(descriptor);
    return this.movedMs;
  }
}

/** Which clocks this machine lets plateau move on, as `plateau doctor` shows it. */
export async function checkVirtualClocks(): Promise<CapabilityCheck> {
  const compiler = await findCompiler().catch((error: unknown) => {
    if (error instanceof PlateauError) return error;
    throw error;
  });
  const shared = {
    capability: 'virtual time',
    group: 'runtimes',
    purpose: 'moving the clock of a resting target on (--virtual-time)',
  } as const;
  if (!(compiler instanceof PlateauError))
    return {
      ...shared,
      status: 'ok',
      detail: 'in Node, and in programs that take the time from the C library: Python, Java; not in Go',
    };
  return {
    ...shared,
    status: 'missing',
    detail: 'in Node alone: no C compiler (cc) was found',
    loss: 'the clocks of targets in Python or Java keep real time',
    remedy: compiler.hint ?? compiler.message,
  };
}

/** Why the clocks of a running process are not those of the library; undefined where they are. */
export function clockObstacle(pid: number): string | undefined {
  const mappings = readFileMappings(pid);
  if (mappings.length === 0 || mappings.some(({ path }) => isPreload(path, ['clock']))) return undefined;
  const isGo = readGoBuildInfo(`/proc/${pid}/exe`) !== undefined;
  return isGo
    ? 'it is written in Go, which asks the kernel for the time'
    : 'it did not load the library: it is linked statically, or its environment does not reach it';
}
