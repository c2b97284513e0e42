import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** Text is easier to read when its lines do not run across a whole wide screen. */
export function usableWidth(width = 80): number {
  return Math.max(40, Math.min(width, 120));
}

export type Alignment = 'left' | 'right';

/** Pads to a display width: wide characters count as two columns, escape sequences as none. */
export function pad(text: string, width: number, alignment: Alignment = 'left'): string {
  const padding = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return alignment === 'left' ? text + padding : padding + text;
}

/** Rows of cells as lines whose columns line up; nothing trails. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  options: { readonly gap?: number; readonly alignments?: readonly Alignment[] } = {},
): string[] {
  const { gap = 2, alignments = [] } = options;
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, alignments[column] ?? 'left'))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/** Cuts plain text to a display width; `keep: 'end'` suits paths. */
export function truncate(text: string, width: number, keep: 'start' | 'end' = 'start'): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].map(
    ({ segment }) => segment,
  );
  if (keep === 'end') graphemes.reverse();
  const kept: string[] = [];
  let used = 1;
  for (const grapheme of graphemes) {
    used += stringWidth(grapheme);
    if (used > width) break;
    kept.push(grapheme);
  }
  return keep === 'end' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/** Wraps to a width, every line but the first behind `indent` columns. */
export function wrap(text: string, width: number, indent = 0): string {
  const room = Math.max(12, width - indent);
  return wrapAnsi(text, room, { hard: true }).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** `left` and `right` at both ends of a line; `undefined` when they do not fit. */
export function spread(left: string, right: string, width: number): string | undefined {
  const gap = width - stringWidth(left) - stringWidth(right);
  return gap >= 2 ? left + ' '.repeat(gap) + right : undefined;
}
