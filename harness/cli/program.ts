import { Command } from 'commander';
import { addAbCommand } from './commands/ab.js';
import { addAnalyseCommand } from './commands/analyse.js';
import { addBaselineCommand } from './commands/baseline.js';
import { addBisectCommand } from './commands/bisect.js';
import { addCompareCommand } from './commands/compare.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addGrafanaCommand } from './commands/grafana.js';
import { addHistoryCommand } from './commands/history.js';
import { addInitCommand } from './commands/init.js';
import { addListCommand } from './commands/list.js';
import { addNightlyCommand } from './commands/nightly.js';
import { addPruneCommand } from './commands/prune.js';
import { addReportCommand } from './commands/report.js';
import { addRunCommand } from './commands/run.js';
import { addVerifyCommand } from './commands/verify.js';
import type { Act, AddCommand, CliContext, CommandHandler } from './context.js';

const commands: readonly AddCommand[] = [
  addRunCommand,
  addAbCommand,
  addBisectCommand,
  addListCommand,
  addAnalyseCommand,
  addCompareCommand,
  addBaselineCommand,
  addReportCommand,
  addHistoryCommand,
  addGrafanaCommand,
  addVerifyCommand,
  addNightlyCommand,
  addPruneCommand,
  addInitCommand,
  addDoctorCommand,
];

const exitCodesHelp = `
Exit codes:
  0  plateau: every judged metric is shown to stay within its budget
  1  leak, stalled, refusing or spinning
  2  inconclusive: neither could be shown; the report says what would decide
  3  the command line, a scenario or a configuration is wrong
  4  the target failed to start or crashed, or plateau itself failed
  130  interrupted (SIGINT, SIGTERM); what was sampled is kept

Times take ms, s, m or h; sizes B, KiB, MiB or GiB. A run is an id, a unique prefix of one, latest, latest~1, or a path.`;

/** Options that every command has. */
export interface GlobalFlags {
  readonly color: boolean;
  readonly verbose?: true;
}

export interface ProgramSettings {
  readonly version: string;
  readonly createContext: (flags: GlobalFlags) => CliContext;
  readonly onExitCode: (exitCode: number) => void;
}

/**
 * The command line.
 * @returns rejects in `parseAsync` with a `CommanderError` for what it cannot understand, and with what commands throw
 */
export function createProgram({ version, createContext, onExitCode }: ProgramSettings): Command {
  const program = new Command('plateau')
    .description('Soak a service and prove that what it holds levels off, or name the line that leaks.')
    .version(version)
    .option('--no-color', 'plain text (NO_COLOR and FORCE_COLOR are heeded too)')
    .option('--verbose', 'every metric on a line of its own; stacks of errors')
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
      onExitCode(await handler(createContext(command.optsWithGlobals<GlobalFlags>()), ...handed));
    };
  for (const add of commands) add(program, act);
  return program;
}
