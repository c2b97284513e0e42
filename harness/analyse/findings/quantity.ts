const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `1.5 MiB`, `0.25 fds`: three significant digits at most. */
export function quantity(value: number, unit: string): string {
  if (unit !== 'B') {
    const count = significant(value);
    return `${count} ${count === '1' ? singularOf(unit) : unit}`;
  }
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= 1024 && step < binaryUnits.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  return `${significant(scaled)} ${binaryUnits[step]!}`;
}

/** Units whose singular is not the plural without its last letter. */
const singulars: Readonly<Record<string, string>> = { entries: 'entry', processes: 'process', classes: 'class' };

function singularOf(unit: string): string {
  return singulars[unit] ?? (unit.endsWith('s') ? unit.slice(0, -1) : unit);
}

/** `10.3 million`, `2,400`, `0.25`. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9) return `${significant(value / 1e9)} billion`;
  if (magnitude >= 1e6) return `${Number((value / 1e6).toPrecision(3))} million`;
  const rounded = Number(value.toPrecision(3));
  return magnitude >= 1000 ? String(rounded).replace(/\B(?=(\d{3})+$)/g, ',') : String(rounded);
}

/** `4.1 h`, `12 s`, `9.5 days`. */
export function duration(hours: number): string {
  if (hours >= 48) return `${significant(hours / 24)} days`;
  if (hours >= 1) return `${significant(hours)} h`;
  return hours >= 1 / 60 ? `${significant(hours * 60)} min` : `${significant(hours * 3600)} s`;
}
