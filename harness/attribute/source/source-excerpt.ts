/** Longer lines are generated: a minified package is often a single one. */
const sourceLineMax = 200;
/** What is shown before the place. */
const leadLength = 30;

/** Whether a line's number alone says little of a place in it. */
export function isGenerated(line: string): boolean {
  return line.length > sourceLineMax;
}

/** What the line of a place says, of a generated one the part around it; nothing where there is no such line. */
export function sourceAt(
  lines: readonly string[],
  { line, column }: { readonly line: number; readonly column: number },
): { readonly source?: string } {
  const source = excerpt(lines[line - 1] ?? '', column);
  return source === '' ? {} : { source };
}

function excerpt(line: string, column: number): string {
  if (!isGenerated(line)) return line.trim();
  const start = Math.max(0, Math.min(column - 1 - leadLength, line.length - sourceLineMax));
  const end = start + sourceLineMax;
  return `${start > 0 ? '…' : ''}${line.slice(start, end).trim()}${end < line.length ? '…' : ''}`;
}
