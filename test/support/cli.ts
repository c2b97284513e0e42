import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const mainFile = fileURLToPath(new URL('../../dist/harness/cli/main.js', import.meta.url));
const fixtures = fileURLToPath(new URL('../fixtures/cli/', import.meta.url));

export function fixture(name: string): string {
  return `${fixtures}${name}`;
}

export interface CliResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSettings {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const colorSettings = ['NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'TERM'];

export function cliEnvironment(settings: CliSettings): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !colorSettings.includes(name));
  return { ...Object.fromEntries(inherited), ...settings.environment };
}

/** Runs any command as a process of its own and shows all it said. */
export async function execute(command: string, given: readonly string[], settings: CliSettings): Promise<CliResult> {
  const child = spawn(command, given, {
    cwd: settings.directory,
    env: cliEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, signal: child.signalCode, stdout, stderr };
}

/** Runs the built command line as users do. */
export function plateau(given: readonly string[], settings: CliSettings = {}): Promise<CliResult> {
  return execute(process.execPath, [mainFile, ...given], settings);
}
