import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { noInsideView } from '../../model/errors.js';
import type {
  ConnectContext,
  Launch,
  LaunchAdditions,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
  RuntimeRequirement,
} from '../../model/runtime.js';
import { executableOf } from '../../platform/executable.js';
import { localAddresses } from '../../platform/local-addresses.js';
import { withBlocksOfC } from '../native/native.js';
import { AgentSource, agentSocket, agentVariables } from './agent-source.js';
import { readGoBuildInfo } from './build-info.js';
import { GoConnection } from './connection.js';
import { buildWithAgent, parseGoRun } from './go-run.js';
import { PprofSource } from './pprof-source.js';
import type { ProfileSource } from './profile-source.js';

/** Goroutines that a goroutine may descend from, with their stacks: those of a library's connection have five. */
const ancestors = 'tracebackancestors=10';

/** Go, from version 1.18; older ones where they expose `net/http/pprof`. */
export const go: Runtime = {
  name: 'Go',
  memory: 'collected',
  detect: ({ pid }) => readGoBuildInfo(`/proc/${pid}/exe`) !== undefined,
  prepare,
  connect,
  requirements,
};

async function prepare(launch: Launch): Promise<LaunchAdditions | undefined> {
  const goRun = parseGoRun(launch);
  if (goRun === undefined) return isGoExecutable(launch) ? { environment: recordAncestors(launch) } : undefined;
  const executable = await buildWithAgent(goRun, launch);
  const record = launch.purpose === 'cause' ? { [agentVariables.record]: '1' } : {};
  return {
    command: [executable, ...goRun.arguments],
    environment: { [agentVariables.directory]: launch.directory, ...record, ...recordAncestors(launch) },
  };
}

/** In the cause pass each goroutine remembers the stacks of those it descends from. */
function recordAncestors({ purpose, environment }: Launch): Record<string, string> {
  if (purpose !== 'cause') return {};
  const present = environment.GODEBUG;
  return { GODEBUG: present === undefined || present === '' ? ancestors : `${present},${ancestors}` };
}

function isGoExecutable({ file, workingDirectory, environment }: Launch): boolean {
  const path = executableOf(file, { workingDirectory, searchPath: environment.PATH });
  return path !== undefined && readGoBuildInfo(path) !== undefined;
}

async function connect(facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  const source = (await openAgent(facts, context)) ?? (await PprofSource.find(addressesOf(facts, context)));
  if (source === undefined)
    throw noInsideView(
      'none of its addresses answers at /debug/pprof/heap',
      'start it by `go run` (or target: { go: "./cmd/server" }), which lets plateau build it, ' +
        'or import net/http/pprof and serve it on loopback',
    );
  const { module } = readGoBuildInfo(`/proc/${facts.pid}/exe`) ?? {};
  const connection = new GoConnection(source, { module, workingDirectory: facts.workingDirectory });
  return withBlocksOfC(connection, facts, context);
}

async function openAgent({ pid }: ProcessFacts, { directory }: ConnectContext): Promise<ProfileSource | undefined> {
  const socket = agentSocket(directory, pid);
  return existsSync(socket) ? AgentSource.open(socket).catch(() => undefined) : undefined;
}

/** Profiles are often served on a port of their own. */
function addressesOf({ pid }: ProcessFacts, { url }: ConnectContext): string[] {
  return [...new Set([...(url === undefined ? [] : [url]), ...localAddresses(pid)])];
}

async function requirements(): Promise<RuntimeRequirement[]> {
  const version = await promisify(execFile)('go', ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  return [
    {
      check: 'go',
      ok: version !== undefined,
      detail: version ?? 'no go command on the PATH: services that expose net/http/pprof are looked into without it',
      hint: 'install Go, so that plateau can build services that do not expose net/http/pprof',
    },
  ];
}
