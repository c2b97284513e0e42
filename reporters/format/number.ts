const grouped = Array.from(
  { length: 7 },
  (_, decimals) => new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
);

/** Beyond this a number is a way to write "unbounded". */
const unboundedFrom = 1e15;

/** `12,345.68`; never `-0`. */
export function formatNumber(value: number, decimals = 0): string {
  if (Number.isNaN(value)) return 'n/a';
  if (Math.abs(value) >= unboundedFrom) return value > 0 ? '∞' : '-∞';
  const text = (grouped[decimals] ?? grouped[6]!).format(value);
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text;
}

/** As `formatNumber`, with a `+` before what is above zero. */
export function formatSigned(value: number, decimals = 0): string {
  const text = formatNumber(value, decimals);
  return text.startsWith('-') || !/[1-9∞]/.test(text) ? text : `+${text}`;
}

/** Decimals that show `digits` significant digits of a number, at most `most`. */
export function decimalsFor(value: number, digits: number, most: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return 0;
  return Math.min(most, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
}

/** Three significant digits without trailing zeros: `1.34`, `12.5`, `2,410`. */
export function formatShort(value: number): string {
  const text = formatNumber(value, decimalsFor(value, 3, 6));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** `0.973` -> `97 %`. */
export function formatShare(share: number): string {
  return `${formatNumber(share * 100, Math.abs(share) < 0.01 && share !== 0 ? 1 : 0)} %`;
}
