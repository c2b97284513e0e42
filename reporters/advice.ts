import type { Finding, RunRecord } from '../harness/model/run-record.js';
import { durationOption, elapsedMsOf } from './format/duration.js';
import { formatNumber } from './format/number.js';
import { printable, printableCommand } from './format/printable.js';

/** One thing to do next, with the command where there is one. */
export interface Advice {
  readonly text: string;
  readonly command?: string;
}

/** @returns undefined too where only time decides: more cycles would end where these did */
function cyclesToDecide(findings: readonly Finding[]): number | undefined {
  const open = findings.filter(({ verdict }) => verdict === 'inconclusive');
  if (open.some(({ pending, expiring }) => pending !== undefined || expiring !== undefined)) return undefined;
  const wanted = open.map((finding) => finding.cyclesToDecide ?? 0);
  const most = Math.max(0, ...wanted);
  return most > 0 ? most : undefined;
}

/** The command with an option set to another value; one that it had before is gone. What stands in quotes is not its own. */
function withOption(command: string, option: string, value: string): string {
  const quotedOrOption = new RegExp(String.raw`\\.|'[^']*'| ${option}[= ]\S+`, 'gs');
  const kept = command.replace(quotedOrOption, (found) => (found.startsWith(' ') ? '' : found));
  return printableCommand(`${kept} ${option} ${value}`);
}

/** A series that something else recorded cannot be taken again with other options. */
function isRecordedSeries({ rerun }: RunRecord): boolean {
  return !/^plateau (run|http) /.test(rerun);
}

/** Room above what was forecast, so that the next run does decide. */
const margin = 1.25;

/** A run of fewer rounds counts live objects in fewer than the 14 that report them: a third of its rounds at most. */
const roundsWithCensus = 42;

/** A longer run, in the terms of the limits that ended this one. */
function longerRun(record: RunRecord): Advice[] {
  const { counts, parameters, rerun } = record;
  const wanted = cyclesToDecide(record.findings);
  const elapsedMs = elapsedMsOf(record);
  if (wanted === undefined || elapsedMs === 0 || counts.cycles === 0 || isRecordedSeries(record)) return [];
  const outOfRounds = typeof parameters.rounds === 'number' && counts.rounds >= parameters.rounds;
  const longer = Math.max(1, wanted / counts.cycles) * margin;
  const factor = outOfRounds ? Math.max(longer, roundsWithCensus / counts.rounds) : longer;
  const timed =
    typeof parameters.days === 'number'
      ? withOption(rerun, '--days', String(Math.ceil(parameters.days * factor)))
      : withOption(rerun, '--duration', durationOption(elapsedMs * factor));
  return [
    {
      text: `about ${formatNumber(Number(wanted.toPrecision(3)))} cycles would decide; this run drove ${formatNumber(counts.cycles)}`,
      command: outOfRounds ? withOption(timed, '--rounds', String(Math.ceil(counts.rounds * factor))) : timed,
    },
  ];
}

/** What a target takes that limits how often it is asked, with room. */
const limitedShare = 0.8;

function slowerRun(record: RunRecord): Advice[] {
  const { failures = [], counts, rerun } = record;
  const elapsedMs = elapsedMsOf(record);
  if (failures[0]?.kind !== 'HTTP 429' || counts.created === 0 || elapsedMs === 0 || isRecordedSeries(record))
    return [];
  const perSecond = Math.max(1, Math.floor((counts.created / elapsedMs) * 1_000 * limitedShare));
  return [
    {
      text: 'the target limits how often it is asked; drive it more slowly',
      command: withOption(rerun, '--rate', String(perSecond)),
    },
  ];
}

function withoutCause(record: RunRecord): Advice[] {
  const hasLooked = record.suspects.length > 0 || record.parameters.attribution !== 'off';
  if (hasLooked || isRecordedSeries(record)) return [];
  return [
    {
      text: 'this run did not look for the cause',
      command: withOption(record.rerun, '--attribution', 'on-leak'),
    },
  ];
}

function afterStall(record: RunRecord): Advice[] {
  const [suspect] = record.suspects;
  if (suspect?.kind === 'call')
    return [{ text: 'see what should have let the waiting calls go on, and who was to do it' }];
  return suspect === undefined
    ? [{ text: 'look at what the target waits for: its log, its locks, its connection pool' }]
    : [
        {
          text: 'see why that line does not return: a loop without end, a pattern that backtracks, a call that blocks',
        },
      ];
}

function afterSpinning(record: RunRecord): Advice[] {
  if (record.suspects.length > 0)
    return [{ text: 'see what calls the first suspect again and again, or has it wait without letting others run' }];
  const unasked = withoutCause(record);
  return unasked.length > 0
    ? unasked
    : [
        {
          text: 'profile the resting target, its threads and its child processes: something still runs when nothing is asked of it',
        },
      ];
}

/** Inputs that come again hide what is kept once for each: a map by user levels off when it has all of them. */
function freshInputs({ rerun, parameters: { universe } }: RunRecord): Advice[] {
  if (typeof universe !== 'number' || !rerun.startsWith('plateau http ') || !rerun.includes('{input}')) return [];
  const command = printableCommand(rerun).replaceAll('{input}', '{cycle}');
  return [
    { text: `its ${formatNumber(universe)} inputs came again and again; see what is kept for ever-new ones`, command },
  ];
}

/** Whether a check is about what the machine lets plateau read, which `plateau doctor` explains. */
function isAboutMachine(check: string): boolean {
  return /^(probe|inside-view):/.test(check);
}

/** What to do about a verdict; depends on what the run was already asked for, so it never advises what was done. */
export function adviceFor(record: RunRecord): readonly Advice[] {
  const blind: Advice[] =
    !isRecordedSeries(record) && record.audit.some(({ check, ok }) => !ok && isAboutMachine(check))
      ? [{ text: 'see what this machine lets plateau read', command: 'plateau doctor' }]
      : [];
  switch (record.verdict) {
    case 'leak':
      return withoutCause(record);
    case 'inconclusive':
      return [...slowerRun(record), ...longerRun(record), ...blind];
    case 'crashed':
      return [{ text: record.hint ?? 'correct what the reason names, and run again' }];
    case 'interrupted':
      return [{ text: 'judge what was sampled', command: `plateau analyse ${printable(record.id)}` }];
    case 'stalled':
      return afterStall(record);
    case 'refusing':
      return [{ text: 'see the failures below: the target answers, but with errors' }];
    case 'spinning':
      return afterSpinning(record);
    case 'plateau':
      return freshInputs(record);
  }
}
