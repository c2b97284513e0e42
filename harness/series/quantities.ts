import { unitBytesOf } from '../model/column-unit.js';
import { metricDefinition } from '../model/metric.js';

const missing = new Set(['', 'nan', 'na', 'n/a', 'null', 'undefined', '-', '--', '<unknown>']);
const number = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const numeric = new RegExp(`^${number}$`, 'i');
const withUnit = new RegExp(`^(${number})\\s*(%|[kmgt]i?b?|b|bytes?)?$`, 'i');

/** Factors of units that a value has of its own, read as written: MiB and Mi are 1,024 KiB, MB is 1,000 kB. */
const prefixes = ['', 'k', 'm', 'g', 't'];

export function isMissing(cell: string): boolean {
  return missing.has(cell.toLowerCase());
}

/** One that a computer can hold: 1e999 is none. */
export function isNumber(cell: string): boolean {
  return numeric.test(cell) && Number.isFinite(Number(cell));
}

/** A reading with the unit that stands beside it: `B`, `%`, or none. */
export interface Reading {
  readonly value: number;
  readonly unit: '' | 'B' | '%';
  /** What `used / limit` names as the limit. */
  readonly limit?: number;
}

/** `512MiB`, `84 %`, `12`, `10.5MiB / 2GiB`; undefined for what is no quantity. NaN where a value is missing. */
export function readingOf(cell: string): Reading | undefined {
  if (isMissing(cell) || /^[+-]?inf(inity)?$/i.test(cell)) return { value: Number.NaN, unit: '' };
  const [used = '', limit] = cell.split(/\s+\/\s+/);
  const reading = quantityOf(used);
  const most = limit === undefined ? undefined : quantityOf(limit);
  if (reading === undefined || (limit !== undefined && most === undefined)) return undefined;
  return most === undefined ? reading : { ...reading, limit: most.value };
}

function quantityOf(text: string): Reading | undefined {
  const [, amount, unit = ''] = withUnit.exec(text.trim()) ?? [];
  if (amount === undefined) return undefined;
  if (unit === '') return { value: Number(amount), unit: '' };
  if (unit === '%') return { value: Number(amount), unit: '%' };
  const power = prefixes.indexOf(/^b/i.test(unit) ? '' : unit[0]!.toLowerCase());
  return { value: Number(amount) * (/i/i.test(unit) ? 1024 : 1000) ** power, unit: 'B' };
}

/** Unit of a column by its name, and what its values are multiplied with to be in it. */
export interface ColumnUnit {
  readonly unit: string;
  readonly factor: number;
}

/** Levels beyond this are no counts of anything that a process holds. */
const largestCount = 2 ** 20;

/** `heap_mb`, `mem_util_percent`, `cache_ratio`, `fds`; else bytes where values are large, and no unit where they are not. */
export function columnUnit(column: string, values: readonly number[]): ColumnUnit {
  const name = column.replace(/\{.*$/s, '');
  const known = metricDefinition(name)?.unit;
  if (known === 'ratio' || /ratio$/i.test(name)) return { unit: '%', factor: 100 };
  if (known !== undefined) return { unit: known, factor: 1 };
  const bytes = unitBytesOf(name);
  if (bytes !== undefined) return { unit: 'B', factor: bytes };
  if (/%|percent|(?:^|[_\s])(?:pct|perc)$|MemPerc$/i.test(name)) return { unit: '%', factor: 1 };
  return { unit: values.some((value) => value > largestCount) ? 'B' : '', factor: 1 };
}
