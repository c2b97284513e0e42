import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlateauError } from '../model/errors.js';
import type { CommandTarget, GoTarget, Readiness, ScriptTarget, TargetDefinition } from '../model/scenario.js';
import type { RunningTarget } from '../model/target.js';
import { attachTarget } from './attach/attach-target.js';
import { freePort } from './free-port.js';
import { postgresPlan } from './postgres-plan.js';
import { redisPlan } from './redis-plan.js';
import { type SpawnPlan, spawnTarget } from './spawn-target.js';
import type { StartContext } from './start-context.js';

/**
 * Starts or finds the process under soak and waits until it is ready.
 * @throws {PlateauError} `PLATEAU_TARGET_START`
 */
export async function startTarget(definition: TargetDefinition, context: StartContext): Promise<RunningTarget> {
  if ('script' in definition) return spawnTarget(await scriptPlan(definition, context), context);
  if ('command' in definition)
    return spawnTarget(await prepared(await commandPlan(definition, context), context), context);
  if ('go' in definition) return startTarget(goCommand(definition), context);
  if ('redis' in definition) {
    const { redis } = definition;
    return typeof redis === 'string'
      ? // What it forks writes its data to disk.
        attachTarget({ url: redis }, context, { wholeTree: false })
      : spawnTarget(await redisPlan(redis, context), context);
  }
  if ('postgres' in definition) {
    const { postgres } = definition;
    return typeof postgres === 'string'
      ? // Its sessions are processes of their own.
        attachTarget({ url: postgres }, context, { wholeTree: true })
      : spawnTarget(await postgresPlan(postgres, context), context);
  }
  return attachTarget(definition, context);
}

/** Starts the child process that hosts a function module. */
export function startHost(
  context: StartContext,
  { typescript, nodeArguments: own }: { readonly typescript: boolean; readonly nodeArguments: readonly string[] },
): Promise<RunningTarget> {
  const host = fileURLToPath(new URL('../agent/host.js', import.meta.url));
  return spawnTarget(
    {
      file: process.execPath,
      arguments: nodeArguments({ script: host, nodeArguments: own }, host, context, typescript),
      cwd: context.baseDirectory,
      env: {},
      agent: true,
      ready: undefined,
      messages: false,
      stopSignal: undefined,
      stopTimeoutMs: undefined,
    },
    context,
  );
}

async function scriptPlan(given: ScriptTarget, context: StartContext): Promise<SpawnPlan> {
  const { definition, port } = await withFreePort(given);
  const script =
    definition.script instanceof URL || definition.script.startsWith('file:')
      ? fileURLToPath(definition.script)
      : resolve(context.baseDirectory, definition.script);
  if (!existsSync(script)) {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `${context.name}: target.script must be a file, got ${script}, which does not exist`,
      {
        hint: `relative paths start at ${context.baseDirectory}`,
      },
    );
  }
  const ready: Readiness = definition.ready ?? (port === undefined ? { listening: true } : { port });
  // A service that takes its port from PORT gets a free one instead of one that may be taken.
  const wanted = definition.env?.PORT ?? process.env.PORT;
  const free = wanted === undefined ? await freePort() : undefined;
  const listensAt = Number(wanted ?? free);
  return {
    file: process.execPath,
    arguments: nodeArguments(definition, script, context, /\.[cm]?tsx?$/.test(script)),
    cwd: workingDirectory(definition.cwd, context),
    env: { ...(free !== undefined && { PORT: String(free) }), ...definition.env },
    agent: true,
    ready,
    ...(listensAt > 0 && { port: listensAt }),
    chosenPorts: [port, free].filter((chosen) => chosen !== undefined),
    ...(port !== undefined && { address: addressOf(port, ready) }),
    messages: 'message' in ready,
    stopSignal: definition.stopSignal,
    stopTimeoutMs: definition.stopTimeoutMs,
  };
}

/** A script that opens several servers is asked at the one on the port that it was given. */
async function withFreePort(given: ScriptTarget): Promise<{ definition: ScriptTarget; port?: number }> {
  const { arguments: words = [], env = {}, ready } = given;
  if (!JSON.stringify([words, env]).includes('{port}')) return { definition: given };
  const port = await freePort();
  const fill = (value: string) => value.replaceAll('{port}', String(port));
  const definition = {
    ...given,
    arguments: words.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    ...(ready !== undefined && 'url' in ready && { ready: { ...ready, url: fill(ready.url) } }),
  };
  return { definition, port };
}

function nodeArguments(
  { nodeArguments: own = [], arguments: rest = [] }: ScriptTarget,
  script: string,
  { interpreterOnly }: StartContext,
  typescript: boolean,
): string[] {
  const agent = fileURLToPath(new URL('../agent/agent.cjs', import.meta.url));
  return [
    ...(interpreterOnly ? interpreterFlags() : []),
    ...(typescript ? ['--import', import.meta.resolve('tsx')] : []),
    ...own,
    '--require',
    agent,
    script,
    ...rest,
  ];
}

function interpreterFlags(): string[] {
  const major = Number(process.versions.node.split('.')[0]);
  return ['--no-opt', '--no-sparkplug', ...(major >= 22 ? ['--no-maglev'] : [])];
}

/** The command that runs it; how it is built is the business of the inside view of Go. */
function goCommand({ go, arguments: rest = [], buildFlags = [], ...started }: GoTarget): CommandTarget {
  return { ...started, command: ['go', 'run', ...buildFlags, go, ...rest] };
}

async function commandPlan(definition: CommandTarget, context: StartContext): Promise<SpawnPlan> {
  const text = JSON.stringify([definition.command, definition.env ?? {}]);
  const port = text.includes('{port}') ? await freePort() : undefined;
  const fill = (value: string) => (port === undefined ? value : value.replaceAll('{port}', String(port)));
  const ready = definition.ready ?? (port === undefined ? undefined : { port });
  if (ready === undefined) {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `${context.name}: target.ready must say how the command shows that it is ready`,
      {
        hint: "e.g. {port: 8080}, {line: 'listening'} or {url: 'http://127.0.0.1:8080/health'}; or put {port} into the command",
      },
    );
  }
  const [file, ...rest] = definition.command;
  const filled = 'url' in ready ? { ...ready, url: fill(ready.url) } : ready;
  return {
    file: fill(file),
    arguments: rest.map(fill),
    cwd: workingDirectory(definition.cwd, context),
    env: Object.fromEntries(Object.entries(definition.env ?? {}).map(([name, value]) => [name, fill(value)])),
    agent: false,
    ready: filled,
    ...(port !== undefined && { chosenPorts: [port] }),
    address: port === undefined ? undefined : addressOf(port, filled),
    messages: 'message' in ready,
    stopSignal: definition.stopSignal,
    stopTimeoutMs: definition.stopTimeoutMs,
  };
}

/** Where it listens on a port that plateau chose. */
function addressOf(port: number, ready: Readiness): string {
  const isSecure = ('secure' in ready && ready.secure) || ('url' in ready && ready.url.startsWith('https:'));
  return `${isSecure ? 'https' : 'http'}://127.0.0.1:${port}`;
}

/** The command with what its inside view needs. */
async function prepared(plan: SpawnPlan, { prepareLaunch, temporaryDirectory }: StartContext): Promise<SpawnPlan> {
  const { file, arguments: rest, cwd, env } = plan;
  const additions = await prepareLaunch?.({
    file,
    arguments: rest,
    workingDirectory: cwd,
    environment: { ...process.env, TMPDIR: temporaryDirectory, ...env },
  });
  const [preparedFile, ...preparedArguments] = additions?.command ?? [file, ...rest];
  return { ...plan, file: preparedFile, arguments: preparedArguments, env: { ...env, ...additions?.environment } };
}

function workingDirectory(cwd: string | undefined, { baseDirectory }: StartContext): string {
  if (cwd === undefined) return baseDirectory;
  return isAbsolute(cwd) ? cwd : resolve(baseDirectory, cwd);
}
