import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildPreload } from '../../dist/harness/runtimes/native/build-preload.js';
import { NativeConnection } from '../../dist/harness/runtimes/native/connection.js';
import { counterFileOf, countsLinked, readCounts } from '../../dist/harness/runtimes/native/counter-file.js';
import { obstacleIn } from '../../dist/harness/runtimes/native/executables.js';
import { native } from '../../dist/harness/runtimes/native/native.js';
import { readProcessFacts } from '../../dist/harness/runtimes/process-facts.js';
import type { ConnectContext } from '../../harness/model/runtime.js';
import { lineOfText, nativeFixture } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const execute = promisify(execFile);
const directory = temporaryDirectory(afterAll);
process.env.XDG_CACHE_HOME = join(directory, 'cache');

function compile(name: string, ...flags: string[]): string {
  const program = join(directory, `${name}-${flags.join('')}`.replace(/[^\w-]/g, ''));
  execFileSync('cc', ['-O2', '-o', program, nativeFixture(`${name}.c`), '-pthread', ...flags]);
  return program;
}

/** The program of `counted.c` with the library in it. */
async function startCounted(purpose: 'measure' | 'cause') {
  const shown = temporaryDirectory();
  const library = await buildPreload(purpose, shown);
  const temporary = temporaryDirectory();
  const environment = { LD_PRELOAD: library, PLATEAU_ALLOCATIONS: shown, PLATEAU_RECORD: '1', TMPDIR: temporary };
  const child = spawn(compile('counted', '-g'), {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async () => String((await lines.next()).value);
  expect(await nextLine()).toBe('ready');
  const counts = (pid = child.pid!) => readCounts(counterFileOf(shown, pid));
  const start = async (step: string) => {
    child.stdin.write(`${step}\n`);
    return nextLine();
  };
  const grownBy = async (step: string) => {
    const before = counts();
    expect(await start(step)).toBe('done');
    const after = counts();
    return { bytes: after.liveBytes - before.liveBytes, blocks: after.liveBlocks - before.liveBlocks };
  };
  return { child, shown, counts, start, nextLine, grownBy };
}

describe.each(['measure', 'cause'] as const)('the library of the pass to %s', (purpose) => {
  it.runIf(process.arch === 'x64')('counts blocks of an allocator that is linked into the program', async () => {
    const shown = temporaryDirectory();
    const program = compile('linked-allocator', '-fPIC', '-pie', '-fno-plt', '-Wa,-mrelax-relocations=no');
    expect(obstacleIn(program)).toMatchObject({ mayBePassed: true });
    const environment = { LD_PRELOAD: await buildPreload(purpose, shown), PLATEAU_ALLOCATIONS: shown };
    const child = spawn(program, { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const file = counterFileOf(shown, child.pid!);
    expect(countsLinked(file)).toBe(true);
    // 100 blocks, and the buffers of its output and its input, which are from the C library.
    const { liveBlocks } = readCounts(file);
    expect([101, 102]).toContain(liveBlocks);
  });

  it('counts to the byte what a program keeps', async () => {
    const { child, shown, grownBy } = await startCounted(purpose);
    expect(await grownBy('leak')).toEqual({ bytes: 200_000, blocks: 1_000 });
    await grownBy('threads');
    expect(await grownBy('threads')).toEqual({ bytes: 0, blocks: 0 });
    expect(await grownBy('functions')).toEqual({ bytes: 0, blocks: 0 });
    expect(await grownBy('mappings')).toEqual({ bytes: 6 * 4_096, blocks: 2 });
    expect(await grownBy('mapped files')).toEqual({ bytes: 0, blocks: 1 });
    child.stdin.end();
    await once(child, 'exit');
    expect(readdirSync(shown).filter((name) => name.startsWith('allocations-'))).toEqual([]);
  });

  it('counts a forked child apart', async () => {
    const { counts, start, nextLine } = await startCounted(purpose);
    const before = counts();
    const [, pid] = (await start('fork')).split(' ');
    await expect.poll(() => readState(Number(pid))).toBe('S');
    const [child, parent] = [counts(Number(pid)), counts()];
    expect(child.liveBlocks).toBe(parent.liveBlocks + 10);
    expect(child.liveBytes).toBe(parent.liveBytes + 400);
    expect(parent).toEqual(before);
    process.kill(Number(pid), 'SIGKILL');
    expect(await nextLine()).toBe('done');
  });

  it.each([
    ['sh', '-c', 'ls / | wc -l'],
    ['node', '-e', '0'],
    ['env', 'true'],
    ['tar', '--version'],
  ])('leaves %s as it is', async (command, ...given) => {
    const shown = temporaryDirectory();
    const library = await buildPreload(purpose, shown);
    const env = { ...process.env, LD_PRELOAD: library, PLATEAU_ALLOCATIONS: shown };
    const alone = await execute(command, given);
    expect(await execute(command, given, { env })).toEqual(alone);
    expect(readdirSync(shown).filter((name) => name.startsWith('allocations-'))).toEqual([]);
  });
});

it('names the line that made the files which stay in the temporary directory, whatever they are called by now', async () => {
  const { child, shown, start } = await startCounted('cause');
  await start('files');
  const facts = readProcessFacts(child.pid!);
  const { sites } = await new NativeConnection(counterFileOf(shown, facts.pid), facts, shown, true).evidence();
  const files = sites.filter(({ kind }) => kind === 'file');
  expect(files).toMatchObject([{ live: { tempFiles: 10 }, count: 10, what: 'files' }]);
  const source = nativeFixture('counted.c');
  expect(files[0]!.stack[0]).toMatchObject({ file: source, line: lineOfText(source, 'files that stay'), isOwn: true });
});

it('does not take the counters of a launcher for those of the program that it has become', async () => {
  const shown = temporaryDirectory();
  const environment = { LD_PRELOAD: await buildPreload('measure', shown), PLATEAU_ALLOCATIONS: shown };
  const program = compile('counted', '-g');
  const child = spawn('env', ['LD_PRELOAD=', program], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const context = { directory: shown, purpose: 'measure', isStarted: true } as ConnectContext;
  await expect(native.connect(readProcessFacts(child.pid!), context)).rejects.toThrow(
    'the allocation counter was not loaded into it',
  );
});

/** `S` for a process that sleeps. */
function readState(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).charAt(0);
}

describe('the compiled library', () => {
  it('is kept for this user alone, and is made once', async () => {
    const [one, other] = await Promise.all([buildPreload('measure', directory), buildPreload('measure', directory)]);
    expect(one).toBe(other);
    expect(one.startsWith(process.env.XDG_CACHE_HOME!)).toBe(true);
    expect(statSync(one).mode & 0o777).toBe(0o500);
    expect(readdirSync(dirname(one))).toHaveLength(1);
    const { mtimeMs } = statSync(one);
    await buildPreload('measure', directory);
    expect(statSync(one).mtimeMs).toBe(mtimeMs);
  });

  it('is made for the run where others may write to the place that is kept', async () => {
    const kept = dirname(await buildPreload('measure', directory));
    chmodSync(kept, 0o777);
    onTestFinished(() => chmodSync(kept, 0o700));
    const shown = temporaryDirectory();
    expect(dirname(await buildPreload('measure', shown))).toBe(shown);
  });

  it('lies in the directory of the run where a path cannot be preloaded', async () => {
    vi.stubEnv('XDG_CACHE_HOME', join(directory, 'with space'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const shown = temporaryDirectory();
    expect(dirname(await buildPreload('measure', shown))).toBe(shown);
    const impossible = join(directory, 'also with space');
    mkdirSync(impossible);
    await expect(buildPreload('measure', impossible)).rejects.toThrow(/cannot be preloaded .* a space or a colon/);
  });
});

describe('what cannot be counted', () => {
  const program = (name: string, text: string, ...flags: string[]) => {
    const source = join(directory, `${name}.c`);
    writeFileSync(source, text);
    const path = join(directory, name);
    if (!existsSync(path)) execFileSync('cc', ['-o', path, source, ...flags]);
    return obstacleIn(path)?.reason;
  };
  const empty = 'int main(void) { return 0; }';

  it.each([
    ['static', empty, ['-static'], /linked statically/],
    ['jemalloc', `void _rjem_mallocx(void) {} ${empty}`, [], /allocates with jemalloc/],
    ['mimalloc', `void mi_malloc(void) {} ${empty}`, [], /allocates with mimalloc/],
    ['own', `void *malloc(unsigned long bytes) { return (void *)bytes; } ${empty}`, ['-rdynamic'], /malloc of its own/],
    ['sanitizer', `void __asan_init(void) {} ${empty}`, [], /sanitizer/],
  ] as const)('a program that is %s', (name, text, flags, reason) => {
    expect(program(name, text, ...flags)).toMatch(reason);
  });

  it('is not what is usual', () => {
    expect(program('usual', empty)).toBeUndefined();
  });
});
