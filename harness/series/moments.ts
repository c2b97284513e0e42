const iso = /^\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
const zoned = /(?:Z|UTC|[+-]\d{2}:?\d{2})$/i;
/** As `date` prints it: `Sun Nov 29 01:03:14 UTC 2026`, `Sun 29 Nov 2026 01:03:14 AM UTC`. */
const printed = /^[A-Z][a-z]{2},? .*\b\d{1,2}:\d{2}:\d{2}\b.*\d{4}|^[A-Z][a-z]{2},? .*\b\d{4}\b.*\d{2}:\d{2}:\d{2}/;

/** Epoch seconds and milliseconds of the years 2001 to 2286. */
const epochSeconds = { min: 1e9, max: 1e10 } as const;

/** Epoch ms of a date in ISO 8601 or as `date` prints it; without a zone it is UTC. Undefined for anything else. */
export function momentOf(text: string): number | undefined {
  const date = text.trim().replace(',', '.');
  if (iso.test(date)) {
    const plain = date
      .replaceAll('/', '-')
      .replace(' ', 'T')
      .replace(/\s*UTC$/i, 'Z')
      .replaceAll(/\s/g, '');
    return known(Date.parse(zoned.test(plain.slice(10)) || plain.length <= 10 ? plain : `${plain}Z`));
  }
  return printed.test(text.trim()) ? known(Date.parse(text)) : undefined;
}

/** Epoch ms of epoch seconds or milliseconds; undefined for other numbers. */
export function momentOfEpoch(value: number): number | undefined {
  if (value >= epochSeconds.min && value < epochSeconds.max) return value * 1000;
  return value >= epochSeconds.min * 1000 && value < epochSeconds.max * 1000 ? value : undefined;
}

/** A date before anything else on a line, in brackets or not. */
export function leadingMoment(line: string): { readonly atMs: number; readonly rest: string } | undefined {
  const [all, date = ''] =
    /^\s*\[?(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)\]?\s*/.exec(line) ?? [];
  const atMs = all === undefined ? undefined : momentOf(date);
  return all === undefined || atMs === undefined ? undefined : { atMs, rest: line.slice(all.length) };
}

function known(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
