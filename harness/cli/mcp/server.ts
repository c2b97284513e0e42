import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Comparison } from '../../model/comparison.js';
import { PlateauError } from '../../model/errors.js';
import type { RunRecord } from '../../model/run-record.js';
import { analyse } from '../../run/analyse-run.js';
import { ownVersion } from '../../run/environment.js';
import { loadRun, readManifest, readRunRecord } from '../../store/load-run.js';
import { listRuns, resolveRun } from '../../store/resolve-run.js';
import { comparisonAnswer, explainAnswer, listAnswer, runAnswer } from './answers.js';

const main = fileURLToPath(new URL('../main.js', import.meta.url));
const runsListed = 6;
const errorBytesMax = 600;

export interface McpSettings {
  readonly directory: string;
  readonly outDirectory: string;
}

async function sdk() {
  try {
    const [{ McpServer }, { StdioServerTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/mcp.js'),
      import('@modelcontextprotocol/sdk/server/stdio.js'),
    ]);
    return { McpServer, StdioServerTransport };
  } catch (cause) {
    throw new PlateauError(
      'PLATEAU_MISSING_PACKAGE',
      'plateau mcp: expected the package @modelcontextprotocol/sdk, which is optional, got none.',
      { hint: 'npm install @modelcontextprotocol/sdk', cause },
    );
  }
}

/**
 * Answers an agent over stdin and stdout until stdin ends. Every run is a process of its own, so that a scenario's module
 * cannot write into the conversation.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE`
 */
export async function serveMcp(settings: McpSettings, signal: AbortSignal): Promise<void> {
  const { McpServer, StdioServerTransport } = await sdk();
  const server = new McpServer({ name: 'plateau', version: ownVersion() });
  const clientGone = new AbortController();
  const ended = AbortSignal.any([signal, clientGone.signal]);
  const commands = new Set<Promise<unknown>>();
  const command = (given: readonly string[]) => {
    const running = runCommand(given, settings, ended);
    commands.add(running);
    return running.finally(() => commands.delete(running));
  };
  const scenario = z.string().describe('a name that list shows, or the path of a module');
  const duration = z.string().default('60s').describe('longest time, e.g. 90s');
  const run = z.string().describe('an id, the start of one, latest or latest~1');

  server.registerTool(
    'list',
    {
      description:
        'Scenarios that can be run, those of a large system by their number, and the last runs with their verdicts.',
      inputSchema: { system: z.string().optional().describe('lists all scenarios of one system') },
    },
    ({ system }) =>
      answered(async () => listAnswer(await scenarioNames(command, system), await lastRuns(settings.outDirectory))),
  );
  server.registerTool(
    'run',
    {
      description: 'Soaks a scenario and judges it: verdict, what grows, and the line that it comes from.',
      inputSchema: { scenario, duration, defects: z.array(z.string()).default([]) },
    },
    ({ scenario, duration, defects }) =>
      answered(async () => {
        const planted = defects.flatMap((defect) => [`--defect=${defect}`]);
        const record = await command([
          'run',
          '--json',
          '--quiet',
          `--duration=${duration}`,
          ...planted,
          '--',
          scenario,
        ]);
        return runAnswer(record as RunRecord, settings.directory);
      }),
  );
  server.registerTool(
    'explain',
    {
      description: 'Why a run was judged so: the rule, its numbers, the stack of each suspect and what holds it.',
      inputSchema: { run },
    },
    ({ run }) => answered(async () => explainAnswer(await recordOf(run, settings.outDirectory), settings.directory)),
  );
  server.registerTool(
    'compare',
    { description: 'What changed from one stored run to another.', inputSchema: { before: run, after: run } },
    ({ before, after }) =>
      answered(async () => comparisonAnswer((await command(['compare', '--json', '--', before, after])) as Comparison)),
  );
  server.registerTool(
    'ab',
    {
      description:
        'Soaks two sides of a scenario in turns: proves a fix. A side is ref:<commit>, dir:<path>, sound or defect:<name>.',
      inputSchema: { scenario, before: z.string(), after: z.string(), duration },
    },
    ({ scenario, before, after, duration }) =>
      answered(async () => {
        const sides = [`--before=${before}`, `--after=${after}`, `--duration=${duration}`];
        return comparisonAnswer((await command(['ab', '--json', '--quiet', ...sides, '--', scenario])) as Comparison);
      }),
  );
  await server.connect(new StdioServerTransport());
  await Promise.race([once(process.stdin, 'end', { signal }), once(process.stdin, 'close', { signal })]).catch(
    () => undefined,
  );
  // A run that is under way has nobody to answer any more.
  clientGone.abort();
  await Promise.allSettled(commands);
  await server.close();
}

async function answered(work: () => Promise<string>) {
  try {
    return { content: [{ type: 'text' as const, text: await work() }] };
  } catch (error) {
    const { message, hint } = error as PlateauError;
    const said = hint === undefined ? message : `${message} Try: ${hint}`;
    return { content: [{ type: 'text' as const, text: said.slice(0, errorBytesMax) }], isError: true };
  }
}

/** What a command of plateau prints as JSON; what it says otherwise is the error. */
async function runCommand(
  given: readonly string[],
  { directory, outDirectory }: McpSettings,
  signal: AbortSignal,
): Promise<unknown> {
  const [command = '', ...rest] = given;
  const withOut = command === 'list' ? given : [command, `--out=${outDirectory}`, ...rest];
  const child = spawn(process.execPath, [main, ...withOut], {
    cwd: directory,
    // A command ends when its channel does: by the signal, and where this process is killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const end = () => child.connected && child.disconnect();
  signal.addEventListener('abort', end);
  // Node emits no `close` where the channel was closed from here.
  const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'exit')]);
  signal.removeEventListener('abort', end);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new PlateauError('PLATEAU_INTERNAL', stderr.trim() || `plateau ${command} said nothing`, {
      hint: 'see the message',
    });
  }
}

/** Of a system with more scenarios than this, their number is listed. */
const scenariosOfSystem = 4;

async function scenarioNames(
  command: (given: readonly string[]) => Promise<unknown>,
  system: string | undefined,
): Promise<string[]> {
  const listed = z.array(z.looseObject({ name: z.string() })).parse(await command(['list', '--json']));
  const systems = new Map<string, string[]>();
  for (const { name } of listed) {
    const [own = name] = name.split('/');
    systems.set(own, [...(systems.get(own) ?? []), name]);
  }
  if (system !== undefined) return systems.get(system) ?? [];
  return [...systems].flatMap(([name, all]) =>
    all.length > scenariosOfSystem ? [`${name}/... (${all.length} scenarios)`] : all,
  );
}

async function lastRuns(outDirectory: string): Promise<string[]> {
  const ids = listRuns(outDirectory).slice(-runsListed).reverse();
  return Promise.all(
    ids.map(async (id) => {
      const directory = await resolveRun(id, outDirectory);
      const { scenario } = await readManifest(directory);
      return `${id} ${scenario} ${(await readRunRecord(directory))?.verdict ?? 'without a verdict'}`;
    }),
  );
}

async function recordOf(reference: string, outDirectory: string): Promise<RunRecord> {
  const directory = await resolveRun(reference, outDirectory);
  return (await readRunRecord(directory)) ?? analyse(await loadRun(directory));
}
