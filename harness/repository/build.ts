import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { agentEnvironment } from '../model/agent-protocol.js';
import { PlateauError } from '../model/errors.js';
import { createRedactor } from '../model/redact.js';
import { groupGone, guardGroup, signalGroup } from '../platform/process-group.js';
import { formatOwnerMark } from '../platform/process-identity.js';

const lastLinesShown = 8;
const termTimeoutMs = 2_000;
const killTimeoutMs = 2_000;

export interface BuildPlan {
  /** Shell command line. */
  readonly command: string;
  readonly directory: string;
  /** Marks what the build starts, so that the next start ends what a killed plateau left. */
  readonly runId: string;
  /** File for its output. */
  readonly logPath: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a build command in a checkout, in a process group of its own that is ended when the signal is aborted.
 * @throws {PlateauError} `PLATEAU_BUILD` with its last lines
 */
export async function build({ command, directory, runId, logPath, signal }: BuildPlan): Promise<void> {
  signal.throwIfAborted();
  mkdirSync(dirname(logPath), { recursive: true, mode: 0o700 });
  const log = openSync(logPath, 'w', 0o600);
  const child = spawn(command, {
    cwd: directory,
    shell: true,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...withoutGit(process.env), [agentEnvironment.owner]: formatOwnerMark(runId) },
  });
  closeSync(log);
  const { pid } = child;
  const liftGuard = pid === undefined ? () => undefined : guardGroup(pid);
  const stop = () => void (pid !== undefined && endGroup(pid));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const exit = await new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, by) =>
        resolve(code === 0 ? undefined : by === null ? `exit code ${code}` : `signal ${by}`),
      );
    });
    // What it started in the background would compete with the soak.
    if (pid !== undefined) await endGroup(pid);
    redactLog(logPath);
    signal.throwIfAborted();
    if (exit !== undefined) throw buildError(command, exit, logPath);
  } finally {
    signal.removeEventListener('abort', stop);
    liftGuard();
  }
}

/** A build that runs within a hook of git must not be led to the user's index. */
function withoutGit(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GIT_DIR: _directory, GIT_WORK_TREE: _workTree, GIT_INDEX_FILE: _index, ...rest } = environment;
  return rest;
}

async function endGroup(pid: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM') || (await groupGone(pid, termTimeoutMs))) return;
  signalGroup(pid, 'SIGKILL');
  await groupGone(pid, killTimeoutMs);
}

/** A build may print the variables that it was given. */
function redactLog(path: string): void {
  const redact = createRedactor(process.env);
  const text = readFileSync(path, 'utf8');
  const kept = redact(text);
  if (kept !== text) writeFileSync(path, kept);
}

function buildError(command: string, how: string, logPath: string): PlateauError {
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-lastLinesShown);
  const tail = lines.join('').trim() === '' ? '' : `\n${lines.map((line) => `    ${line}`).join('\n')}`;
  return new PlateauError('PLATEAU_BUILD', `build "${command}": expected exit code 0, got ${how}${tail}`, {
    hint: `its output is in ${logPath}`,
  });
}
