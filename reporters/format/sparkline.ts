const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A series in `width` characters, scaled to its own range; each column shows the highest value that falls into it.
 * What was not read is a blank, a series that never changes a low line.
 */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  const peaks = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    return Math.max(...values.slice(from, to).filter(Number.isFinite));
  });
  const read = peaks.filter(Number.isFinite);
  const low = Math.min(...read);
  const range = Math.max(...read) - low;
  return peaks
    .map((peak) => {
      if (!Number.isFinite(peak)) return ' ';
      const level = range > 0 ? Math.round(((peak - low) / range) * (bars.length - 1)) : 0;
      return bars[level];
    })
    .join('');
}
