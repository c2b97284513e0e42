const timeFactors: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const sizeFactors: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** A number as people write it: no sign, no exponent. */
export const decimal = String.raw`\d+(?:\.\d+)?|\.\d+`;

/** `90s`, `1.5h`, `1h30m` in ms; with `days`, `30d` too. `undefined` when it is no time. */
export function readDurationMs(text: string, { days = false } = {}): number | undefined {
  const unit = days ? 'ms|s|m|h|d' : 'ms|s|m|h';
  if (!new RegExp(`^((${decimal})(${unit}))+$`).test(text)) return undefined;
  let durationMs = 0;
  for (const [, amount, suffix] of text.matchAll(new RegExp(`(${decimal})(${unit})`, 'g')))
    durationMs += Number(amount) * (timeFactors[suffix ?? ''] ?? Number.NaN);
  return durationMs;
}

/** A time as `readDurationMs` reads it, in the largest unit that gives it exactly: `90s`, `2h`. */
export function exactDuration(durationMs: number): string {
  const unit = ['h', 'm', 's'].find((name) => durationMs > 0 && durationMs % timeFactors[name]! === 0) ?? 'ms';
  return `${durationMs / timeFactors[unit]!}${unit}`;
}

/** A number with or without a size unit (`64B`, `20 GiB`), in bytes; `undefined` when it is no size. */
export function readSizeBytes(text: string): number | undefined {
  const [, amount, unit = 'B'] = new RegExp(`^(${decimal})\\s*(B|KiB|MiB|GiB)?$`).exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (sizeFactors[unit] ?? Number.NaN);
}
