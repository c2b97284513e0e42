import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noInsideView, PlateauError, withHint } from '../../model/errors.js';
import type {
  ConnectContext,
  Launch,
  LaunchAdditions,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
} from '../../model/runtime.js';
import { openAgent } from '../agent-socket.js';
import { preloadEnvironment, withBlocksOfC } from '../native/native.js';
import { PythonConnection } from './python-connection.js';
import { isolatingOption, isPython, versionOf } from './python-process.js';
import { letIn, requirements } from './running-process.js';

const agentDirectory = fileURLToPath(new URL('./agent', import.meta.url));
const silenceHint =
  'no Python code of another thread runs: look for native code that does not let go of the interpreter';

/** CPython 3.8 and newer. */
export const python: Runtime = {
  name: 'Python',
  memory: 'collected',
  detect: isPython,
  prepare,
  connect,
  requirements,
};

/**
 * Every Python looks for a module `sitecustomize` when it starts. The agent is copied, so that what Python compiles of it
 * is removed after the run.
 */
async function prepare(launch: Launch): Promise<LaunchAdditions> {
  const { directory, environment, nativeMemory } = launch;
  const copy = await copyAgent(directory);
  const before = environment.PYTHONPATH;
  const agent = { PYTHONPATH: before ? `${copy}:${before}` : copy };
  if (nativeMemory !== true) return { environment: agent };
  try {
    return { environment: { ...agent, ...(await preloadEnvironment(launch)) } };
  } catch (error) {
    if (!(error instanceof PlateauError)) throw error;
    return { environment: agent, warnings: [`what native code allocates is not recorded: ${withHint(error)}`] };
  }
}

async function copyAgent(directory: string): Promise<string> {
  const copy = join(directory, 'python');
  await cp(agentDirectory, copy, { recursive: true, filter: (path) => !path.includes('__pycache__') });
  return copy;
}

async function connect(facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  const { directory, isStarted } = context;
  if (!isStarted) await letIn(facts, { directory, agentDirectory: await copyAgent(directory) });
  else refuseWhatIsIsolated(facts);
  // One that was let in is asked to leave again, also where the run was interrupted meanwhile.
  const waiting = isStarted ? context : { directory, signal: new AbortController().signal };
  const connection = await openAgent(facts.pid, waiting, {
    silenceHint,
    absent: () => notLoaded(facts),
    open: (agent) => PythonConnection.open(agent, isStarted),
  });
  // In Python's heap, what the C library has given to anybody is counted already.
  return context.purpose === 'cause' ? withBlocksOfC(connection, facts, context, 'heapUsed') : connection;
}

function refuseWhatIsIsolated(facts: ProcessFacts): void {
  const option = isolatingOption(facts);
  if (option === undefined) return;
  throw noInsideView(
    `Python was started with ${option}, which keeps it from loading the agent`,
    `start it without ${option} for the soak`,
  );
}

function notLoaded(facts: ProcessFacts): PlateauError {
  const version = versionOf(facts);
  if (version !== undefined && isOlder(version))
    return noInsideView(`expected Python 3.8 or newer, got ${version}`, 'run the soak with a newer Python');
  return noInsideView(
    'Python did not load the agent',
    'let PYTHONPATH reach the process as plateau sets it, and run it as the user that runs plateau',
  );
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < 3 || (major === 3 && minor < 8);
}
