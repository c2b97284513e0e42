import { PlateauError } from '../model/errors.js';

/** JSON has no word for these: they are reported as text. */
const notFinite = new Set(['NaN', 'Infinity', '-Infinity']);

/** Gauges as the target sends them: what JSON refuses or makes `null` of keeps its name. */
export function sentGauges(gauges: unknown): unknown {
  if (typeof gauges !== 'object' || gauges === null) return gauges;
  return Object.fromEntries(
    Object.entries(gauges).map(([name, value]) => [name, hasNoJson(value) ? textOf(value) : value]),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

function hasNoJson(value: unknown): boolean {
  return typeof value === 'bigint' || typeof value === 'symbol' || isNotFinite(value);
}

function isNotFinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` when a gauge is not a finite number */
export function checkedGauges(scenario: string, gauges: unknown): Readonly<Record<string, number>> {
  if (gauges === undefined || gauges === null) return {};
  for (const [name, value] of Object.entries(gauges)) {
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `scenario ${scenario}: gauge "${name}" must be a finite number, got ${shown(value)}`,
      { hint: 'return an object of numbers from gauges(), e.g. { sessions: sessions.size }' },
    );
  }
  return gauges as Readonly<Record<string, number>>;
}

function shown(value: unknown): string {
  if (hasNoJson(value) || notFinite.has(value as string)) return textOf(value);
  return JSON.stringify(value) ?? typeof value;
}
