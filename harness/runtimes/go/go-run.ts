import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PlateauError } from '../../model/errors.js';
import type { Launch } from '../../model/runtime.js';

const run = promisify(execFile);
const agentName = 'plateau_agent.go';
const agentFile = fileURLToPath(new URL(`./agent/${agentName}`, import.meta.url));
/** The first build of a large service compiles all of its modules. */
const buildTimeoutMs = 600_000;
const outputBytesMax = 64 * 1024 * 1024;

/** Flags of `go run` that take no value; every other one has it after `=` or as the next argument. */
const switches = new Set(
  ['a', 'n', 'race', 'msan', 'asan', 'cover', 'v', 'work', 'x', 'modcacherw', 'trimpath', 'linkshared', 'json'].flatMap(
    (name) => [`-${name}`, `--${name}`],
  ),
);

/** The parts of `go run [flags] <package or files> [arguments]`. */
export interface GoRun {
  readonly flags: readonly string[];
  /** One package, or files of one package. */
  readonly packages: readonly string[];
  readonly arguments: readonly string[];
}

/** @returns undefined when the command is something else, or runs what is not built from files of this machine */
export function parseGoRun({ file, arguments: all }: Pick<Launch, 'file' | 'arguments'>): GoRun | undefined {
  if (basename(file) !== 'go' || all[0] !== 'run') return undefined;
  let index = 1;
  while (all[index]?.startsWith('-')) {
    const flag = all[index]!;
    if (/^--?(exec|overlay|n)\b/.test(flag)) return undefined;
    index += flag.includes('=') || switches.has(flag) ? 1 : 2;
  }
  const flags = all.slice(1, index);
  let end = index;
  while (all[end]?.endsWith('.go')) end += 1;
  const packages = all.slice(index, Math.max(end, index + 1));
  if (packages.length === 0 || packages[0]!.includes('@')) return undefined;
  return { flags, packages, arguments: all.slice(index + packages.length) };
}

/**
 * Builds what `go run` would run, with the agent added to package main. Nothing of the user's is written: the compiler
 * is shown the agent as if it lay in the directory of the package (`go build -overlay`).
 * @returns path of the executable
 * @throws {PlateauError} `PLATEAU_BUILD` with what the compiler said, `PLATEAU_TARGET_START` where there is no Go
 */
export async function buildWithAgent(goRun: GoRun, launch: Launch): Promise<string> {
  const { flags, packages } = goRun;
  const agent = join(launch.directory, agentName);
  const overlay = join(launch.directory, 'overlay.json');
  const executable = join(launch.directory, executableName(goRun, launch));
  const [first] = packages as [string, ...string[]];
  const start = changedDirectory(flags, launch);
  const files = first.endsWith('.go') ? packages.map((name) => resolve(start, name)) : [];
  const directory = files.length > 0 ? dirname(files[0]!) : await packageDirectory(goRun, launch);
  const shown = join(directory, agentName);
  await writeFile(agent, await readFile(agentFile));
  await writeFile(overlay, JSON.stringify({ Replace: { [shown]: agent } }));
  const parts = files.length > 0 ? [...files, shown] : packages;
  await go(['build', ...flags, '-overlay', overlay, '-o', executable, ...parts], launch);
  return executable;
}

/** As `go run` names it, so that usage messages and process lists read the same. */
function executableName({ packages }: GoRun, { workingDirectory }: Launch): string {
  const [first] = packages as [string, ...string[]];
  const name = basename(resolve(workingDirectory, first)).replace(/\.go$/, '');
  return name === '' || name === agentName ? 'target' : name;
}

async function packageDirectory({ flags, packages }: GoRun, launch: Launch): Promise<string> {
  const [first] = packages as [string, ...string[]];
  const listed = await go(['list', ...flags, '-f', '{{.Name}} {{.Dir}}', first], launch);
  const [, name, directory] = /^(\S+) (.+)$/m.exec(listed) ?? [];
  if (name !== 'main' || directory === undefined)
    throw new PlateauError('PLATEAU_BUILD', `${first}: expected a package main, got package ${name ?? '(none)'}`, {
      hint: 'name the directory of the program, e.g. ./cmd/server',
    });
  return directory;
}

/** `go run -C <directory>` changes to it first. */
function changedDirectory(flags: readonly string[], { workingDirectory }: Launch): string {
  const joined = flags.join('\0');
  const directory = /(?:^|\0)--?C[=\0]([^\0]+)/.exec(joined)?.[1];
  return directory === undefined ? workingDirectory : resolve(workingDirectory, directory);
}

async function go(words: readonly string[], { file, workingDirectory, environment }: Launch): Promise<string> {
  try {
    const { stdout } = await run(file, words, {
      cwd: workingDirectory,
      env: environment as NodeJS.ProcessEnv,
      timeout: buildTimeoutMs,
      maxBuffer: outputBytesMax,
    });
    return stdout;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string };
    if (code === 'ENOENT')
      throw new PlateauError('PLATEAU_TARGET_START', `expected the Go command, got no ${file} on the PATH`, {
        cause: error,
        hint: 'install Go, or name the command that starts a built service',
      });
    const said = (stderr ?? String(error)).trimEnd();
    throw new PlateauError('PLATEAU_BUILD', `go ${words[0]} failed:\n${said}`, { cause: error });
  }
}
