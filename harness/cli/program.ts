import { Command } from 'commander';
import type { Act, AddCommand, CliContext, CommandHandler } from './context.js';
import { addHelpCommand } from './help-command.js';
import { type ExitCodes, exitCodeOption, wantedExitCode } from './options/exit-code-option.js';

/** Each command is loaded when it is called; help loads all of them, in this order. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./commands/run.js')).addRunCommand,
  http: async () => (await import('./commands/http.js')).addHttpCommand,
  ab: async () => (await import('./commands/ab.js')).addAbCommand,
  bisect: async () => (await import('./commands/bisect.js')).addBisectCommand,
  shrink: async () => (await import('./commands/shrink.js')).addShrinkCommand,
  pr: async () => (await import('./commands/pr.js')).addPrCommand,
  list: async () => (await import('./commands/list.js')).addListCommand,
  analyse: async () => (await import('./commands/analyse.js')).addAnalyseCommand,
  compare: async () => (await import('./commands/compare.js')).addCompareCommand,
  baseline: async () => (await import('./commands/baseline.js')).addBaselineCommand,
  report: async () => (await import('./commands/report.js')).addReportCommand,
  history: async () => (await import('./commands/history.js')).addHistoryCommand,
  ui: async () => (await import('./commands/ui.js')).addUiCommand,
  mcp: async () => (await import('./commands/mcp.js')).addMcpCommand,
  grafana: async () => (await import('./commands/grafana.js')).addGrafanaCommand,
  verify: async () => (await import('./commands/verify.js')).addVerifyCommand,
  nightly: async () => (await import('./commands/nightly.js')).addNightlyCommand,
  worker: async () => (await import('./commands/worker.js')).addWorkerCommand,
  fleet: async () => (await import('./commands/fleet.js')).addFleetCommand,
  prune: async () => (await import('./commands/prune.js')).addPruneCommand,
  init: async () => (await import('./commands/init.js')).addInitCommand,
  doctor: async () => (await import('./commands/doctor.js')).addDoctorCommand,
  completion: async () => (await import('./commands/completion.js')).addCompletionCommand,
};
const aliases: Readonly<Record<string, string>> = { analyze: 'analyse' };

const exitCodesHelp = `
Exit codes:
  0  plateau: every judged metric is shown to stay within its budget
  1  leak, stalled, refusing or spinning
  2  inconclusive: neither could be shown; the report says what would decide
  3  the command line, a scenario or a configuration is wrong
  4  the target failed to start or crashed, or plateau itself failed
  130  interrupted by a signal; what was sampled is kept

Every option can be set by a variable: --duration by PLATEAU_DURATION. Times take ms, s, m or h; sizes B, KiB, MiB or GiB. A run is an id, a unique prefix of one, latest, latest~1, or a path.`;

/** Options that every command has. */
export interface GlobalFlags {
  readonly color: boolean;
  readonly verbose?: true;
  readonly exitCode?: ExitCodes;
}

export interface ProgramSettings {
  readonly version: string;
  readonly createContext: (flags: GlobalFlags) => CliContext;
  readonly onExitCode: (exitCode: number) => void;
}

/**
 * The command line.
 * @param given words of the call, of which the first that is no option names the command
 * @returns rejects in `parseAsync` with a `CommanderError` for what it cannot understand, and with what commands throw
 */
export async function createProgram(
  { version, createContext, onExitCode }: ProgramSettings,
  given: readonly string[],
): Promise<Command> {
  const program = new Command('plateau')
    .description('Soak a service and prove that what it holds levels off, or name the line that leaks.')
    .version(version)
    .option('--no-color', 'plain text (NO_COLOR and FORCE_COLOR are heeded too)')
    .option('--verbose', 'every metric on a line of its own; stacks of errors')
    .option(
      '--exit-code <verdict=code,...>',
      'other exit codes, e.g. leak=99,inconclusive=0',
      exitCodeOption('--exit-code'),
    )
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    // The caller shows errors; help goes where it is asked for.
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', exitCodesHelp)
    .exitOverride();
  const act: Act =
    <Given extends readonly unknown[]>(handler: CommandHandler<Given>) =>
    async (...given: [...Given, Command]) => {
      const command = given.at(-1) as Command;
      const handed = given.slice(0, -1) as unknown as Given;
      const flags = command.optsWithGlobals<GlobalFlags>();
      onExitCode(wantedExitCode(flags.exitCode, await handler(createContext(flags), ...handed)));
    };
  for (const load of neededCommands(given)) (await load())(program, act);
  for (const group of [program, ...program.commands]) if (group.commands.length > 0) addHelpCommand(group);
  return program;
}

/** What is loaded for a call: starting up takes most of the time of short commands. */
function neededCommands(given: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  if (given[0] === '--version' || given[0] === '-V') return [];
  const name = given.find((word) => !word.startsWith('-')) ?? '';
  const called = name === 'completion' ? undefined : commands[aliases[name] ?? name];
  return called === undefined ? Object.values(commands) : [called];
}
