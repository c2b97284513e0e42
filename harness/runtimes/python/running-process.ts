import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { noInsideView, type PlateauError } from '../../model/errors.js';
import type { ProcessFacts, RuntimeRequirement } from '../../model/runtime.js';
import { holdExit } from '../../platform/exit-hold.js';
import { versionOf } from './python-process.js';

const run = promisify(execFile);
/** gdb reads the symbols of everything that the process has loaded: 19 s were seen on a loaded machine. */
const injectTimeoutMs = 120_000;
/** A thread that held the interpreter nine tenths of the time was found waiting at one of 4 to 15 looks, of some 0.4 s each. */
const looksMax = 40;
/** Exit code of gdb where the thread waited at none. */
const worksCode = 7;

interface Injection {
  readonly directory: string;
  readonly agentDirectory: string;
}

/**
 * Has a process that runs already load the agent: it is asked itself from 3.14 on, before that by gdb.
 * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` where neither is possible
 */
export async function letIn(facts: ProcessFacts, { directory, agentDirectory }: Injection): Promise<void> {
  const script = path.join(directory, 'let-plateau-in.py');
  await writeFile(script, scriptFor(directory, agentDirectory));
  const [major = 0, minor = 0] = (versionOf(facts) ?? '').split('.').map(Number);
  const canAsk = major > 3 || (major === 3 && minor >= 14);
  const [file, rest] = canAsk ? askItself(facts, script) : await askByDebugger(facts, script);
  try {
    await holdExit(runApart(file, rest));
  } catch (error) {
    throw notLetIn(error, canAsk, canAsk ? undefined : await debuggerObstacle());
  }
}

/** The agent finds the directory of its sockets by its own place otherwise. */
function scriptFor(directory: string, agentDirectory: string): string {
  return [
    'import sys',
    `sys.path.insert(0, ${JSON.stringify(agentDirectory)})`,
    'try:',
    '    import _plateau_agent',
    `    _plateau_agent.listen(${JSON.stringify(directory)}, is_guest=True)`,
    'finally:',
    `    sys.path.remove(${JSON.stringify(agentDirectory)})`,
    '',
  ].join('\n');
}

/** The same interpreter writes into the process where the script is; the process runs it at its next chance. */
function askItself({ pid, executable = 'python3' }: ProcessFacts, script: string): [string, string[]] {
  return [executable, ['-I', '-c', `import sys; sys.remote_exec(${pid}, ${JSON.stringify(script)})`]];
}

/**
 * In a file, what follows a call that was given up is left out. Code that is run while the thread is at work on an object, or
 * starts its interpreter, may end the process: one of eight that had just started died. So it is run where the thread waits.
 */
async function askByDebugger({ pid }: ProcessFacts, script: string): Promise<[string, string[]]> {
  const statement = `exec(compile(open('${script}').read(), 'plateau', 'exec'), {})`;
  const commands = `${script}.gdb`;
  const look = 'set $works = ((int (*)(void)) PyGILState_Check)()';
  const lines = [
    'set unwindonsignal on',
    'set $looks = 1',
    look,
    `while $works != 0 && $looks < ${looksMax}`,
    ...['detach', 'shell sleep 0.02', `attach ${pid}`, look, 'set $looks = $looks + 1'],
    'end',
    ...['if $works != 0', `quit ${worksCode}`, 'end'],
    'set $state = ((int (*)(void)) PyGILState_Ensure)()',
    `call ((int (*)(const char *)) PyRun_SimpleString)(${JSON.stringify(statement)})`,
    'call ((void (*)(int)) PyGILState_Release)($state)',
  ];
  await writeFile(commands, `${lines.join('\n')}\n`);
  return ['gdb', ['--batch', '--nx', '-p', String(pid), '-x', commands]];
}

/**
 * Runs what must not be ended in the middle: a process that a debugger has left in a call that it made does not survive that.
 * In a session of its own, no signal of a terminal reaches it; it ends by itself, also where plateau does not live to see it.
 * @throws with `code` and `stderr`, as `execFile` does
 */
async function runApart(file: string, rest: readonly string[]): Promise<void> {
  const child = spawn(file, rest, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  // gdb gives the call up and leaves the process as it was before; it passes no SIGINT on.
  const timeout = setTimeout(() => child.kill('SIGINT'), injectTimeoutMs);
  try {
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>]);
    if (code !== 0) throw Object.assign(new Error(`${file} ended with exit code ${code}`), { stderr, code });
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * From this version on, gdb asks the processor how large its state is (its commit d39b60f of August 2023). Versions before write
 * less than Linux takes where the processor has tile registers (AMX), and cannot call a function of a process there.
 */
const versionMin = 14;

/** Why the gdb that is installed, if any, cannot let plateau into a process on this machine. */
export async function debuggerObstacle(): Promise<string | undefined> {
  const [{ stdout }, processor] = await Promise.all([
    run('gdb', ['--version']).catch(() => ({ stdout: '' })),
    readFile('/proc/cpuinfo', 'utf8').catch(() => ''),
  ]);
  const version = /^GNU gdb .*?(\d+)\.\d+/.exec(stdout)?.[1];
  const isTooOld = version !== undefined && Number(version) < versionMin && /\bamx_tile\b/.test(processor);
  return isTooOld
    ? `gdb ${version} cannot call a function of a process where the processor has tile registers (AMX)`
    : undefined;
}

function notLetIn(cause: unknown, canAsk: boolean, obstacle: string | undefined): PlateauError {
  const { code, stderr, message } = cause as { code?: string | number; stderr?: string; message: string };
  const refused = (reason: string, hint: string) =>
    noInsideView(`the running process could not be made to load the agent: ${reason}`, `${hint}, or ${start}`, cause);
  if (obstacle !== undefined) return refused(obstacle, 'install a newer gdb, use Python 3.14 or newer');
  if (code === 'ENOENT' && !canAsk)
    return noInsideView(
      'gdb, which lets plateau into a running Python, is not installed',
      `install gdb, use Python 3.14 or newer, or ${start}`,
      cause,
    );
  if (code === worksCode && !canAsk)
    return refused(`Python was at work each of the ${looksMax} times that gdb looked`, 'run plateau once it is idle');
  const said = (stderr ?? '').trim();
  const isForbidden = /ptrace|not permitted|permission/i.test(said);
  return refused(
    said.split('\n').at(-1) || message,
    isForbidden
      ? 'allow plateau to trace it (same user, kernel.yama.ptrace_scope=0)'
      : 'run plateau once it has started',
  );
}

const start = 'let plateau start the service: target: { command: [...] }';

/** For `plateau doctor`. A Python that plateau starts needs nothing. */
export async function requirements(): Promise<readonly RuntimeRequirement[]> {
  const check = 'gdb for running Python processes';
  try {
    const { stdout } = await run('gdb', ['--version']);
    const obstacle = await debuggerObstacle();
    if (obstacle === undefined) return [{ check, ok: true, detail: stdout.split('\n')[0] ?? 'gdb' }];
    const hint = 'install a newer gdb, or let plateau start the service';
    return [
      {
        check,
        ok: false,
        detail: `${obstacle}: a Python before 3.14 that runs already is seen from outside only`,
        hint,
      },
    ];
  } catch {
    return [
      {
        check,
        ok: false,
        detail:
          'gdb is not installed: a Python before 3.14 that runs already ({ pid }, { url }) is seen from outside only',
        hint: 'install gdb (Debian: apt-get install gdb), or let plateau start the service',
      },
    ];
  }
}
