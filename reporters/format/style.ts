import picocolors from 'picocolors';
import type { Tone } from './wording.js';

export type Style = ReturnType<typeof picocolors.createColors>;

/** Functions that colour text, or leave it alone; nothing is said by colour alone. */
export function styleFor(color: boolean): Style {
  return picocolors.createColors(color);
}

/** The colour of a tone. */
export function paintOf(tone: Tone, style: Style): (text: string) => string {
  return { good: style.green, bad: style.red, unknown: style.yellow, quiet: style.dim }[tone];
}
