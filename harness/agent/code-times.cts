/** Which times code names: `30 * 60_000`, `1800` seconds that are compared with a clock. */

/** Longer ones are limits of numbers, and no times. */
const timeMsMax = 90 * 86_400_000;

export function readsClock(text: string): boolean {
  return /\b(now|Date|performance|hrtime|timestamp|getTime)\b/.test(text);
}

/** The longest time that a text names, ms; 0 where it names none. Code that divides by 1,000 counts seconds. */
export function longestTimeMs(text: string): number {
  const factor = /\/\s*(1_?000|1e3)\b/.test(text) ? 1_000 : 1;
  let longestMs = 0;
  for (const [product] of text.matchAll(/(?<![$\w.])\d[\d_]*(?:\.\d+)?(?:e\d+)?(?:\s*\*\s*\d[\d_]*(?:e\d+)?)*/g)) {
    const value = product.split('*').reduce((whole, part) => whole * Number(part.replaceAll('_', '')), 1) * factor;
    if (value > longestMs && value <= timeMsMax) longestMs = value;
  }
  return longestMs;
}
