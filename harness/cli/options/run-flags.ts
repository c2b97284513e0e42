import type { Command } from 'commander';
import { invalidOption } from '../../model/errors.js';
import { clientFaults, type Fault, type FaultShares, faultNames } from '../../model/fault.js';
import { exactDuration } from '../../model/quantity.js';
import type { RunOptions } from '../../model/run-options.js';
import { defaultOutDirectory } from '../../store/run-layout.js';
import {
  type Budget,
  budgetOption,
  budgetsOf,
  choiceOption,
  concurrencyMax,
  confidenceOption,
  countOption,
  directoryOption,
  durationOption,
  faultOption,
  type GivenFault,
  nodeFlagOption,
  rateOption,
  repeated,
} from './options.js';
import { type Tag, tagOption } from './tag-option.js';

/** Flags that say how to run a scenario; every command that runs some has them. */
export interface RunFlags {
  readonly defect?: readonly string[];
  readonly fault?: readonly GivenFault[];
  readonly faults?: 'all';
  readonly cycles?: number;
  readonly rounds?: number;
  readonly duration?: number;
  readonly drive?: number;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly seed?: number;
  readonly budget?: readonly Budget[];
  readonly untilDecided?: boolean;
  readonly confidence?: number;
  readonly thorough?: true;
  readonly nodeOption?: readonly string[];
  readonly attribution?: 'off' | 'on-leak' | 'always';
  readonly footprint?: number | true;
  readonly tag?: readonly Tag[];
  readonly days?: number;
  readonly virtualTime?: true;
  readonly out: string;
}

interface ShownFlags {
  /** `--thorough`, where there is a second pass. @defaultValue true */
  readonly thorough?: boolean;
  /** `--footprint` and `--attribution`, where runs are soaked to their end. @defaultValue true */
  readonly ending?: boolean;
}

export function addRunFlags(command: Command, { thorough = true, ending = true }: ShownFlags = {}): Command {
  if (thorough)
    command.option('--thorough', 'add a pass in which Node only interprets: byte slopes without the compiler');
  command
    .option(
      '--cycles <n>',
      'mean cycles a round (default: sized from the speed of the target)',
      countOption('--cycles', 220),
    )
    .option(
      '--tag <key=value>',
      'kept in the record, in metrics and in the history; repeatable',
      repeated(tagOption('--tag')),
    )
    .option('--rounds <n>', 'most rounds; up to 14 of them count live objects', countOption('--rounds', 60))
    .option(
      '--duration <time>',
      'longest time of the whole run, to its verdict, e.g. 90s, 30m, 24h',
      durationOption('--duration'),
    )
    .option('--drive <time>', 'drive for exactly this long, then count, rest and judge', durationOption('--drive'))
    .option('--concurrency <n>', 'cycles under way at once', countOption('--concurrency', 4, { most: concurrencyMax }))
    .option('--rate <n/s>', 'cycles started per second (default: as fast as they end)', rateOption('--rate'))
    .option(
      '--seed <n>',
      'repeat every random choice (default: drawn and printed)',
      countOption('--seed', 41, { least: 0 }),
    )
    .option(
      '--budget <metric=value>',
      'growth a cycle that passes, e.g. heapUsed=64B, fds=0.01; repeatable',
      repeated(budgetOption('--budget')),
    )
    .option('--until-decided', 'stop as soon as every metric is decided (default)')
    .option('--no-until-decided', 'go on to --rounds or --duration')
    .option(
      '--node-option <flag>',
      'a flag of Node for the target, e.g. --node-option=--max-old-space-size=256; repeatable',
      repeated(nodeFlagOption('--node-option')),
    )
    .option(
      '--confidence <p>',
      'of the whole run, all metrics together (default: 0.99)',
      confidenceOption('--confidence'),
    );
  return ending ? addEndingFlags(command) : command;
}

function addEndingFlags(command: Command): Command {
  return command
    .option('--virtual-time', 'move the clock of a target at rest on, up to a day: what has a time to live goes')
    .option(
      '--footprint [n]',
      'hold n live objects of each operation at the end: what one costs and leaves behind (default: as many as show)',
      countOption('--footprint', 200),
    )
    .option(
      '--attribution <when>',
      'look for the cause: off, on-leak (default) or always',
      choiceOption('--attribution', ['off', 'on-leak', 'always']),
    );
}

export function addDefectFlag(command: Command): Command {
  return command.option(
    '--defect <name>',
    'plant a defect that `plateau list` shows; repeatable',
    repeated((name) => name),
  );
}

export function addFaultFlags(command: Command): Command {
  return command
    .option(
      '--fault <name[=share]>',
      `disturb a share of the cycles (default: 0.1); repeatable: ${faultNames.join(', ')}`,
      repeated(faultOption('--fault')),
    )
    .option(
      '--faults <which>',
      '`all` that a client can cause, and a table of them',
      choiceOption('--faults', ['all']),
    );
}

/** Of what the faults with a share of their own leave, each of `--faults all` gets as much as the undisturbed cycles. */
function faultsOf({ fault = [], faults }: RunFlags): FaultShares | undefined {
  const given: FaultShares = Object.fromEntries(fault.map(({ name, share }) => [name, share]));
  if (faults === undefined) return fault.length === 0 ? undefined : given;
  const others = (Object.keys(clientFaults) as Fault[]).filter((name) => given[name] === undefined);
  const left = 1 - Object.values(given).reduce((sum, share) => sum + share, 0);
  // Where nothing is left, the shares are refused with their sum.
  const share = floored((left > 0 ? left : 1) / (others.length + 1));
  return { ...Object.fromEntries(others.map((name) => [name, share])), ...given };
}

/** To four places, as a command shows it: the shares of all must not exceed what is left. */
function floored(share: number): number {
  return Math.floor(share * 10_000) / 10_000;
}

export function addOutFlag(command: Command): Command {
  return command.option('--out <dir>', 'where runs are kept', directoryOption('--out'), defaultOutDirectory);
}

/** The options of a run that flags ask for; what was not given is absent. */
export function runOptionsOf(flags: RunFlags): RunOptions {
  if (flags.drive !== undefined && flags.duration !== undefined && flags.drive > flags.duration)
    throw invalidOption(
      `--drive: expected less than --duration, the time of the whole run, got ${exactDuration(flags.drive)} of ${exactDuration(flags.duration)}.`,
      'leave one of them out',
    );
  return definedOnly<RunOptions>({
    defects: flags.defect === undefined ? undefined : [...new Set(flags.defect)],
    faults: faultsOf(flags),
    cycles: flags.cycles,
    rounds: flags.rounds,
    durationMs: flags.duration,
    driveMs: flags.drive,
    concurrency: flags.concurrency,
    ratePerSecond: flags.rate,
    seed: flags.seed,
    budgets: flags.budget === undefined ? undefined : budgetsOf(flags.budget),
    untilDecided: flags.untilDecided,
    confidence: flags.confidence,
    thorough: flags.thorough,
    nodeArguments: flags.nodeOption,
    days: flags.days,
    virtualTime: flags.virtualTime,
    footprint: flags.footprint === true ? 'auto' : flags.footprint,
    attribution: flags.attribution,
    tags: flags.tag === undefined ? undefined : Object.fromEntries(flags.tag),
    outDirectory: flags.out,
  });
}

function definedOnly<T extends object>(fields: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
