import { chmodSync, chownSync, copyFileSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { mallocReaderVariable } from '../../model/agent-protocol.js';
import { noInsideView, PlateauError } from '../../model/errors.js';
import type {
  Account,
  ConnectContext,
  Launch,
  LaunchAdditions,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
  RuntimeRequirement,
} from '../../model/runtime.js';
import { buildPreload, findCompiler, isPreload } from './build-preload.js';
import { ConnectionWithBlocks, NativeConnection } from './connection.js';
import { counterFileOf, countsLinked } from './counter-file.js';
import { kindOfName, mayRunCounted, obstacleIn } from './executables.js';
import { findLineTools } from './symbolise.js';

/** What the preloaded library reads: where its file is to be, and whether to record from the start. */
const directoryVariable = 'PLATEAU_ALLOCATIONS';
const recordVariable = 'PLATEAU_RECORD';

/** Machine code: programs in C, C++, Rust and whatever else allocates with the C library and has no runtime of its own. */
export const native: Runtime = { name: 'C, C++ or Rust', memory: 'manual', detect, prepare, connect, requirements };

/** The same of a Node process, whose own memory its agent reports. */
export const nativeInNode: Runtime = { ...native, name: 'native code', detect: () => true };

function detect({ executable, mappedFiles }: ProcessFacts): boolean {
  return executable !== undefined && mappedFiles.length > 0 && kindOfName(executable) === 'native';
}

async function prepare(launch: Launch): Promise<LaunchAdditions | undefined> {
  if (!mayRunCounted(launch)) return undefined;
  try {
    const record = launch.purpose === 'cause' ? { [recordVariable]: '1' } : {};
    return { environment: { ...(await preloadEnvironment(launch)), ...record } };
  } catch (error) {
    // Said by `connect`, if it comes to that: what a launcher starts need not be machine code.
    if (error instanceof PlateauError) return undefined;
    throw error;
  }
}

/**
 * What a process is started with so that its allocations are counted, or recorded.
 * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` where the library cannot be made
 */
export async function preloadEnvironment({
  purpose,
  directory,
  environment,
}: Pick<Launch, 'purpose' | 'directory' | 'environment'>): Promise<Record<string, string>> {
  return preloading(await buildPreload(purpose, directory), directory, environment);
}

function preloading(library: string, directory: string, { LD_PRELOAD: before }: Launch['environment']) {
  return { LD_PRELOAD: before ? `${library}:${before}` : library, [directoryVariable]: directory };
}

/**
 * The same of a server that runs as another user, who sees neither the library in the home directory of this one nor
 * writes into directories of the run.
 * @param directory a new one, for the library and for the counters
 */
export async function serverEnvironment(
  directory: string,
  account: Account | undefined,
): Promise<Record<string, string>> {
  const purpose = 'measure';
  if (account === undefined) return preloadEnvironment({ purpose, directory, environment: process.env });
  const library = await buildPreload(purpose, directory);
  const copy = join(directory, basename(library));
  if (copy !== library) copyFileSync(library, copy);
  chmodSync(copy, 0o555);
  chownSync(directory, account.uid, account.gid);
  chmodSync(dirname(directory), 0o711);
  return preloading(copy, directory, process.env);
}

/** What the agent of a Node process needs to read the allocator of the C library; nothing where that cannot be made. */
export async function mallocReaderEnvironment(directory: string): Promise<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  try {
    return { [mallocReaderVariable]: await buildPreload('reader', directory) };
  } catch (error) {
    if (error instanceof PlateauError) return {};
    throw error;
  }
}

/**
 * What another runtime reports of a process, with what C code has allocated in it, where that is counted: cgo, extensions
 * of Python.
 * @param metric that the blocks are part of; `heapUsed` where the runtime counts them itself
 */
export function withBlocksOfC(
  connection: RuntimeConnection,
  facts: ProcessFacts,
  { directory, purpose }: ConnectContext,
  metric: 'nativeUsed' | 'heapUsed' = 'nativeUsed',
): RuntimeConnection {
  const path = countersOf(facts, directory);
  if (path === undefined) return connection;
  return new ConnectionWithBlocks(
    connection,
    new NativeConnection(path, facts, directory, purpose === 'cause'),
    metric,
  );
}

async function connect(facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  const path = countersOf(facts, context.directory);
  const { executable } = facts;
  const obstacle = executable === undefined ? undefined : obstacleIn(executable);
  const isPassed = obstacle?.mayBePassed === true && path !== undefined && countsLinked(path);
  if (obstacle !== undefined && !isPassed) throw notCounted(obstacle.reason, obstacle.hint);
  if (path === undefined) throw await whyAbsent(facts, context);
  return new NativeConnection(path, facts, context.directory, context.purpose === 'cause');
}

/** A program that a launcher has become without the library keeps its pid: the file is then one that nobody writes to. */
function countersOf({ pid, mappedFiles }: ProcessFacts, directory: string): string | undefined {
  const path = counterFileOf(directory, pid);
  const isMapped = mappedFiles.some((file) => basename(file) === basename(path));
  return isMapped && existsSync(path) ? path : undefined;
}

function notCounted(reason: string, hint: string): PlateauError {
  return noInsideView(`its allocations are not counted: ${reason}`, hint);
}

async function whyAbsent({ mappedFiles }: ProcessFacts, { isStarted }: ConnectContext): Promise<PlateauError> {
  if (!isStarted) {
    return notCounted(
      'it ran before plateau, and a running process cannot be made to count',
      'let plateau start it: target: { command: [...] }',
    );
  }
  try {
    await findCompiler();
  } catch (error) {
    if (error instanceof PlateauError) return error;
  }
  return mappedFiles.some((path) => isPreload(path, ['measure', 'cause']))
    ? notCounted('it could not make a file in the temporary directory', 'let it run as the user that runs plateau')
    : notCounted(
        'the allocation counter was not loaded into it',
        `start it with the environment as it is given: LD_PRELOAD and ${directoryVariable} must reach it, and no set-user-ID bit; a library of your own belongs into \`env\` of the target, not into the command`,
      );
}

async function requirements(): Promise<readonly RuntimeRequirement[]> {
  const compiler = await findCompiler().catch((error: unknown) => (error instanceof PlateauError ? error : undefined));
  const [lineTool] = await findLineTools();
  return [
    compiler === undefined || compiler instanceof Error
      ? {
          check: 'C compiler',
          ok: false,
          detail: 'no cc, gcc or clang: the allocation counter cannot be compiled',
          hint: compiler?.hint ?? 'install gcc',
        }
      : { check: 'C compiler', ok: true, detail: compiler.version },
    lineTool === undefined
      ? {
          check: 'addr2line',
          ok: false,
          detail: 'not found: leaks are named by function, not by line',
          hint: 'install binutils (Debian: apt-get install binutils)',
        }
      : { check: 'addr2line', ok: true, detail: `lines are looked up with ${lineTool}` },
  ];
}
