import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noInsideView } from '../../model/errors.js';
import type {
  ConnectContext,
  Launch,
  LaunchAdditions,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
} from '../../model/runtime.js';
import { openAgent } from '../agent-socket.js';
import { RubyConnection } from './ruby-connection.js';

const agentDirectory = fileURLToPath(new URL('./agent', import.meta.url));
const executableName = /^ruby(\d(\.\d+)*)?$/;
/** Ruby in a program of another name: Passenger, an application that embeds it. */
const libraryName = /^libruby(-?\d(\.\d+)*)?\.so/;
const silenceHint = 'no Ruby code of another thread runs: look for native code that does not let go of the global lock';

/** CRuby 2.7 and newer; forked workers from 3.1 on. */
export const ruby: Runtime = {
  name: 'Ruby',
  memory: 'collected',
  detect: ({ executable, mappedFiles }) =>
    executableName.test(basename(executable ?? '')) || mappedFiles.some((file) => libraryName.test(basename(file))),
  prepare,
  connect,
};

/** Every Ruby loads what RUBYOPT names. The directory goes into RUBYLIB: in RUBYOPT its name could have no space. */
async function prepare({ directory, environment }: Launch): Promise<LaunchAdditions> {
  const copy = join(directory, 'ruby');
  await cp(agentDirectory, copy, { recursive: true });
  const before = { libraries: environment.RUBYLIB, options: environment.RUBYOPT };
  return {
    environment: {
      RUBYLIB: before.libraries ? `${copy}:${before.libraries}` : copy,
      RUBYOPT: before.options ? `-rplateau_agent ${before.options}` : '-rplateau_agent',
      PLATEAU_RUBY_DIRECTORY: directory,
    },
  };
}

async function connect({ pid }: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  if (!context.isStarted)
    throw noInsideView(
      'a Ruby that runs already does not load the agent',
      'let plateau start the service: target: { command: [...] }',
    );
  return openAgent(pid, context, {
    silenceHint,
    absent: () =>
      noInsideView(
        'Ruby did not load the agent',
        'let RUBYOPT and RUBYLIB reach the process as plateau sets them; forked workers need Ruby 3.1 or newer',
      ),
    open: (agent) => RubyConnection.open(agent),
  });
}
