import { styleFor } from '../../../reporters/format/style.js';
import { scenariosOf, systemNames } from '../../../scenarios/index.js';
import { invalidOption, PlateauError } from '../../model/errors.js';
import { interruptedExitCode } from '../../model/exit-codes.js';
import type { RunOptions } from '../../model/run-options.js';
import { type VerificationRow, type VerifiedRow, verificationRows, verifyRow } from '../../run/verify.js';
import type { AddCommand, CliContext } from '../context.js';
import { suggestion } from '../options/closest-names.js';
import { countOption } from '../options/options.js';
import { addOutFlag } from '../options/run-flags.js';
import { expectationText } from './list.js';

interface Flags {
  readonly audit?: string;
  readonly json?: true;
  readonly jobs: number;
  readonly seed?: number;
  readonly out: string;
}

export const addVerifyCommand: AddCommand = (program, act) => {
  const command = program
    .command('verify')
    .description('the built-in targets with and without each defect: expected against got')
    .argument('[system...]', 'systems or scenarios; all of them without');
  addOutFlag(command)
    .option('--audit <id>', 'only the rows of one finding, e.g. 000-12')
    .option(
      '--jobs <n>',
      'runs side by side; more than one for each two cores disturbs measurements',
      countOption('--jobs', 2),
      1,
    )
    .option('--seed <n>', 'of every run', countOption('--seed', 41, { least: 0 }))
    .option('--json', 'one line a row on stdout')
    .action(act(verify));
};

/** Exit code 0 only when every row that could be run holds, and there is one. */
async function verify(context: CliContext, names: readonly string[], flags: Flags): Promise<number> {
  const rows = await rowsOf(names, flags.audit);
  return context.interruptible(async (signal) => {
    const options: RunOptions = {
      outDirectory: flags.out,
      attribution: 'off',
      purpose: 'verify',
      signal,
      ...(flags.seed !== undefined && { seed: flags.seed }),
    };
    const verified = await runAll(
      rows,
      options,
      flags.jobs,
      (row, index) => {
        context.output.notes.write(`${index}/${rows.length} ${rowLine(row)}\n`);
        if (flags.json) context.output.report.write(`${JSON.stringify(rowEntry(row))}\n`);
      },
      (message) => context.output.notes.write(`${message}\n`),
    );
    if (!flags.json) context.output.report.write(table(context, verified));
    if (signal.aborted) return interruptedExitCode;
    return verified.length > 0 && verified.every(({ holds }) => holds) ? 0 : 1;
  });
}

async function rowsOf(names: readonly string[], audit: string | undefined): Promise<VerificationRow[]> {
  const wanted = names.length === 0 ? systemNames : names;
  const scenarios = await Promise.all(
    wanted.map(async (name) => {
      const all = await scenariosOf(name.split('/', 1)[0] ?? name);
      const chosen = name.includes('/') ? all?.filter((scenario) => scenario.name === name) : all;
      if (chosen !== undefined && chosen.length > 0) return chosen;
      throw new PlateauError(
        'PLATEAU_UNKNOWN_SCENARIO',
        `verify: expected one of ${systemNames.join(', ')} or a scenario, got ${name}`,
        {
          hint: suggestion(name, systemNames, 'plateau list'),
        },
      );
    }),
  );
  const rows = verificationRows(scenarios.flat());
  const chosen = audit === undefined ? rows : rows.filter((row) => row.audit.includes(audit));
  if (chosen.length > 0) return chosen;
  throw invalidOption(
    `--audit: expected a finding that a run shows, got ${audit}`,
    'plateau list --json shows which finding belongs to which scenario',
  );
}

async function runAll(
  rows: readonly VerificationRow[],
  options: RunOptions,
  jobs: number,
  onRow: (row: VerifiedRow, index: number) => void,
  notRun: (message: string) => void,
): Promise<VerifiedRow[]> {
  const verified: VerifiedRow[] = [];
  const waiting = [...rows];
  const worker = async () => {
    for (let row = waiting.shift(); row !== undefined && !options.signal?.aborted; row = waiting.shift()) {
      const done = await verifyUnlessMissing(row, options, notRun);
      if (done === undefined) continue;
      verified.push(done);
      onRow(done, verified.length);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return verified;
}

/** A service whose packages are not installed says nothing of plateau; what would install them is shown. */
async function verifyUnlessMissing(
  row: VerificationRow,
  options: RunOptions,
  notRun: (message: string) => void,
): Promise<VerifiedRow | undefined> {
  try {
    return await verifyRow(row, options);
  } catch (error) {
    if (!(error instanceof PlateauError) || error.code !== 'PLATEAU_MISSING_PACKAGE') throw error;
    notRun(`? ${rowName(row)}  not run: ${error.message}; try ${error.hint}`);
    return undefined;
  }
}

function rowName({ scenario, defect }: VerificationRow): string {
  return defect === undefined ? scenario.name : `${scenario.name} --defect ${defect}`;
}

function rowLine({ row, holds, got, record }: VerifiedRow): string {
  const seconds = Math.round((Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1_000);
  return `${holds ? '✓' : '✗'} ${rowName(row)}  ${seconds} s  ${holds ? got : `${expectationText(row.expect)}; got ${got} (${record.id})`}`;
}

function rowEntry({ row, holds, got, record }: VerifiedRow) {
  const { scenario, defect, audit, expect } = row;
  return {
    scenario: scenario.name,
    defect: defect ?? null,
    audit,
    expect,
    holds,
    got,
    run: record.id,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
  };
}

/** Misses first. */
function table({ output }: CliContext, verified: readonly VerifiedRow[]): string {
  const style = styleFor(output.report.color);
  const misses = verified.filter(({ holds }) => !holds);
  const held = verified.filter(({ holds }) => holds);
  const lines = [...misses.map((row) => style.red(rowLine(row))), ...held.map(rowLine)];
  return `${lines.join('\n')}\n\n${held.length} of ${verified.length} rows hold\n`;
}
