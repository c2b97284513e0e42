import { invalidOption, type PlateauError } from '../../model/errors.js';
import { type Fault, faultNames } from '../../model/fault.js';
import { type MetricDefinition, metricDefinition, metricDefinitions } from '../../model/metric.js';
import { decimal, readDurationMs, readSizeBytes } from '../../model/quantity.js';
import { suggestion } from './closest-names.js';

/*
 * Values of options: strict, and an error names the option, what was expected, what it got, and an example.
 */

const durationMsMax = 366 * 24 * 3_600_000;

function invalidValue(option: string, expected: string, got: string, hint: string): PlateauError {
  return invalidOption(`${option}: expected ${expected}, got "${got}".`, hint);
}

export function durationOption(option: string): (text: string) => number {
  return (text) => {
    const durationMs = readDurationMs(text);
    if (durationMs !== undefined && durationMs > 0 && durationMs <= durationMsMax) return durationMs;
    throw invalidValue(option, 'a time above 0 with ms, s, m or h, at most a year', text, `${option} 90s, 30m or 24h`);
  };
}

const portMax = 65_535;
/** More at once needs more ports than a machine has for connections to one address. */
export const concurrencyMax = portMax;

export function countOption(
  option: string,
  example: number,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= least && count <= most) return count;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw invalidValue(option, `a whole number ${range}`, text, `${option} ${example}`);
  };
}

/** 0 takes any that is free. */
export function portOption(option: string, example: number): (text: string) => number {
  return countOption(option, example, { least: 0, most: portMax });
}

export function directoryOption(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== '') return text;
    throw invalidValue(option, 'a directory', text, `${option} .plateau`);
  };
}

export function nodeFlagOption(option: string): (text: string) => string {
  return (text) => {
    if (text.startsWith('-')) return text;
    throw invalidValue(option, 'a flag that begins with -', text, `${option}=--max-old-space-size=256`);
  };
}

const daysMax = 366;

export function daysOption(option: string): (text: string) => number {
  return (text) => {
    const days = readNumber(text) ?? Number.NaN;
    if (days > 0 && days <= daysMax) return days;
    throw invalidValue(option, `a number of days above 0, at most ${daysMax}`, text, `${option} 1`);
  };
}

export function rateOption(option: string): (text: string) => number {
  return (text) => {
    const rate = readNumber(text.replace(/\/s$/, '')) ?? Number.NaN;
    if (rate > 0 && Number.isFinite(rate)) return rate;
    throw invalidValue(option, 'cycles per second above 0', text, `${option} 50 or ${option} 0.5/s`);
  };
}

export function confidenceOption(option: string): (text: string) => number {
  return (text) => {
    const confidence = readNumber(text) ?? Number.NaN;
    if (confidence > 0.5 && confidence < 1) return confidence;
    throw invalidValue(option, 'a probability between 0.5 and 1', text, `${option} 0.99`);
  };
}

/** One of some words. */
export function choiceOption<const Choice extends string>(
  option: string,
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    throw invalidValue(
      option,
      `one of ${choices.join(', ')}`,
      text,
      suggestion(text, choices, `${option} ${choices[0]}`),
    );
  };
}

export interface GivenFault {
  readonly name: Fault;
  /** Of the cycles of each operation. */
  readonly share: number;
}

/** `abort`, `abort=0.2`. */
export function faultOption(option: string): (text: string) => GivenFault {
  return (text) => {
    const [, given = '', amount = '0.1'] = /^([^=]*)(?:=(.*))?$/.exec(text) ?? [];
    const name = faultNames.find((known) => known === given);
    if (name === undefined)
      throw invalidValue(
        option,
        `one of ${faultNames.join(', ')}`,
        text,
        suggestion(given, faultNames, `${option} abort=0.1`),
      );
    const share = readNumber(amount) ?? Number.NaN;
    if (share > 0 && share <= 1) return { name, share };
    throw invalidValue(option, 'a share of the cycles, above 0 and at most 1', text, `${option} ${name}=0.1`);
  };
}

/** For options that may be given several times. */
export function repeated<T>(parse: (text: string) => T): (text: string, earlier?: readonly T[]) => readonly T[] {
  return (text, earlier = []) => [...earlier, parse(text)];
}

/** Columns or names with commas between them. */
export function listOption(option: string): (text: string, earlier?: readonly string[]) => readonly string[] {
  return (text, earlier = []) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.every((name) => name !== '')) return [...earlier, ...names];
    throw invalidValue(option, 'names with commas between them', text, `${option} heapUsed,fds`);
  };
}

export interface Budget {
  readonly metric: string;
  /** Largest slope that passes, in base units a cycle. */
  readonly value: number;
}

/** `heapUsed=64B`, `fds=0.01`. */
export function budgetOption(option: string): (text: string) => Budget {
  return (text) => {
    const [, metric, amount] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    if (metric === undefined || amount === undefined)
      throw invalidValue(option, '<metric>=<value>', text, `${option} heapUsed=64B or ${option} fds=0.01`);
    return { metric, value: budgetValue(option, judgedMetric(option, metric), metric, amount) };
  };
}

function judgedMetric(option: string, metric: string): MetricDefinition {
  const judged = metricDefinitions().filter(({ channel }) => channel !== 'context');
  const definition = metricDefinition(metric);
  const names = judged.map(({ name }) => name);
  if (definition === undefined)
    throw invalidValue(
      option,
      'a metric that plateau knows',
      metric,
      suggestion(metric, names, `one of ${names.join(', ')}`),
    );
  if (definition.channel === 'context')
    throw invalidValue(
      option,
      'a metric that is judged',
      metric,
      suggestion(metric, names, `one of ${names.join(', ')}`),
    );
  return definition;
}

function budgetValue(option: string, { unit, channel }: MetricDefinition, metric: string, amount: string): number {
  const read = unit === 'B' ? readSizeBytes : unit === 'ms' ? readTimeOrNumber : readNumber;
  const value = read(amount);
  // What is at rest may stand at 0; of what may grow, no run can show that it never does.
  const mayBeNothing = channel === 'idle';
  if (value !== undefined && Number.isFinite(value) && (value > 0 || mayBeNothing)) return value;
  const least = mayBeNothing ? 'of at least 0' : 'above 0';
  const [expected, example] =
    unit === 'B'
      ? [`a size ${least} in B, KiB, MiB or GiB`, '64B']
      : unit === 'ms'
        ? [`a time ${least} in ms or s`, '20ms']
        : [`a number of ${unit} ${least}`, mayBeNothing ? '0.01' : '0.001'];
  throw invalidValue(`${option} ${metric}`, expected, amount, `${option} ${metric}=${example}`);
}

export function readNumber(text: string): number | undefined {
  return new RegExp(`^(${decimal})$`).test(text) ? Number(text) : undefined;
}

function readTimeOrNumber(text: string): number | undefined {
  return readNumber(text) ?? readDurationMs(text);
}

/** Budgets by metric; of several for one metric the last holds. */
export function budgetsOf(budgets: readonly Budget[] | undefined): Record<string, number> {
  return Object.fromEntries((budgets ?? []).map(({ metric, value }) => [metric, value]));
}

/** `2/4`: the second of four parts. */
export function shardOption(option: string): (text: string) => { readonly index: number; readonly count: number } {
  return (text) => {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
    if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
    throw invalidValue(option, 'a part of a whole such as 2/4', text, `${option} 1/2`);
  };
}

/** What `--quiet` does, in the help of every command that soaks. */
export const quietDescription = 'no progress; a terminal still shows how long a target rests to be judged';
