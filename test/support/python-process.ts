import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { ConnectContext, RuntimeConnection } from '../../harness/model/runtime.js';
import { readProcessFacts } from '../../harness/runtimes/process-facts.js';
import { python } from '../../harness/runtimes/python/python.js';
import { temporaryDirectory } from './temporary-directory.js';

/** Executes each line that it is given and answers with what that has put into `answer`. */
const interpreter = `
import json, sys
names = {"answer": None}
for line in sys.stdin:
    names["answer"] = None
    exec(json.loads(line), names)
    print(json.dumps(names["answer"]), flush=True)
`;

export interface PythonProcess {
  readonly pid: number;
  /** Executes statements; returns the value of the variable `answer`. */
  execute(statements: string): Promise<unknown>;
  /** Opens the inside view of the process, or of one that it has forked. */
  connect(pid?: number): Promise<RuntimeConnection>;
}

export interface PythonStart {
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs without the agent, as what plateau has not started. */
  readonly unprepared?: true;
}

export async function startPython({
  options = [],
  environment = {},
  unprepared,
}: PythonStart = {}): Promise<PythonProcess> {
  const directory = temporaryDirectory();
  const own = { ...process.env, ...environment };
  const launch = { file: 'python3', arguments: [], workingDirectory: directory, environment: own, directory };
  const additions = unprepared ? undefined : await python.prepare!({ ...launch, purpose: 'measure' });
  const child = spawn('python3', [...options, '-c', interpreter], {
    env: { ...own, ...additions?.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const context: ConnectContext = {
    purpose: 'cause',
    directory,
    url: undefined,
    isStarted: !unprepared,
    noteRecording: () => () => undefined,
    lastLines: () => [],
    onLine: () => () => undefined,
    signal: new AbortController().signal,
  };
  return {
    pid: child.pid!,
    async execute(statements) {
      child.stdin.write(`${JSON.stringify(statements)}\n`);
      return JSON.parse((await lines.next()).value as string);
    },
    async connect(pid = child.pid!) {
      const connection = await python.connect(readProcessFacts(pid), context);
      onTestFinished(() => connection.close());
      return connection;
    },
  };
}
