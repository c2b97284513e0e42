import { formatNumber, formatShort } from './number.js';
import { printable } from './printable.js';

/** Base units by how many make one of a larger unit, largest first; scaled units exist only for readers. */
const byteScales = [
  { unit: 'GiB', factor: 1024 ** 3 },
  { unit: 'MiB', factor: 1024 ** 2 },
  { unit: 'KiB', factor: 1024 },
] as const;

const singulars: Readonly<Record<string, string>> = {
  cores: 'core',
  cycles: 'cycle',
  entries: 'entry',
  fds: 'fd',
  files: 'file',
  handles: 'handle',
  listeners: 'listener',
  objects: 'object',
  processes: 'process',
  reads: 'read',
  sockets: 'socket',
  threads: 'thread',
  timers: 'timer',
};

export interface Scale {
  readonly unit: string;
  /** Base units in one shown unit. */
  readonly factor: number;
}

/** The unit in which a value of this size reads best; units come from targets too. */
export function scaleFor(unit: string, magnitude: number): Scale {
  const scale = unit === 'B' ? byteScales.find(({ factor }) => Math.abs(magnitude) >= factor) : undefined;
  return scale ?? { unit: printable(unit, 40), factor: 1 };
}

/** `formatQuantity(3_250_000, 'B')` -> `3.1 MiB`; counts are whole where they are whole. */
export function formatQuantity(value: number, unit: string): string {
  const scale = scaleFor(unit, value);
  const shown = value / scale.factor;
  const text = Number.isInteger(shown) || Math.abs(shown) >= 1000 ? formatNumber(shown) : formatShort(shown);
  if (unit === 'ratio') return `${formatShort(value * 100)} %`;
  return `${text} ${text === '1' ? (singulars[scale.unit] ?? scale.unit) : scale.unit}`;
}

/** `1 cycle`, `2,410 cycles`. */
export function formatCount(value: number, unit: string): string {
  return `${formatNumber(value)} ${value === 1 ? (singulars[unit] ?? unit.replace(/s$/, '')) : unit}`;
}
