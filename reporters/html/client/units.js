const byteUnits = /** @type {const} */ ([
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
]);

/** @param {number} value @param {number} digits */
function significantText(value, digits) {
  const size = Math.abs(value);
  const decimals = size === 0 ? 0 : Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** Units that the name of a metric does not state, as it states what is counted. */
const measured = new Set(['B', 'ms', 'cores', 'ratio', 'cycles/s']);

/** @param {string} unit */
export const isCounted = (unit) => !measured.has(unit);

/** A value where the cursor is. @param {number} value @param {string} unit */
export function valueText(value, unit) {
  if (unit === 'B') {
    const [name, factor] = byteUnits.find(([, size]) => Math.abs(value) >= size) ?? ['B', 1];
    return `${significantText(value / factor, 4)} ${name}`;
  }
  if (unit === 'ratio') return `${significantText(value * 100, 3)} %`;
  const number = Number.isInteger(value) ? value.toLocaleString('en-US') : significantText(value, 4);
  return isCounted(unit) ? number : `${number} ${unit}`;
}

/** Labels of one axis, all in one unit. @param {number[]} splits @param {string} unit */
export function tickTexts(splits, unit) {
  const largest = Math.max(...splits.map(Math.abs));
  const [name, factor] = unit === 'B' ? (byteUnits.find(([, size]) => largest >= size) ?? ['B', 1]) : ['', 1];
  const step = splits.length > 1 ? Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) / factor : 1;
  const decimals =
    step > 0 ? Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + (name && step < 1 ? 1 : 0))) : 0;
  return splits.map(
    (value) => `${(value / factor).toLocaleString('en-US', { maximumFractionDigits: decimals })}${name && ` ${name}`}`,
  );
}

/** @param {number} seconds */
export function timeText(seconds) {
  if (seconds < 60) return `${significantText(seconds, 3)} s`;
  const rounded = Math.round(seconds);
  const parts = [Math.floor(rounded / 3600), Math.floor(rounded / 60) % 60, rounded % 60];
  return ['h', 'm', 's']
    .map((unit, index) => (parts[index] ? `${parts[index]}${unit}` : ''))
    .filter(Boolean)
    .join(' ');
}
