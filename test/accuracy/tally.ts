import { clopperPearson } from '../../harness/analyse/statistics/clopper-pearson.js';

/** Verdicts counted. */
export class Tally {
  leak = 0;
  plateau = 0;
  inconclusive = 0;

  add(verdict: string): void {
    if (verdict === 'leak') this.leak += 1;
    else if (verdict === 'plateau') this.plateau += 1;
    else this.inconclusive += 1;
  }

  merge(other: Tally): void {
    this.leak += other.leak;
    this.plateau += other.plateau;
    this.inconclusive += other.inconclusive;
  }

  get all(): number {
    return this.leak + this.plateau + this.inconclusive;
  }

  /** `3 / 12 / 0`: leak, plateau, inconclusive. */
  toString(): string {
    return `${this.leak} / ${this.plateau} / ${this.inconclusive}`;
  }
}

/** Share with its exact 95 % interval: `0 of 59: 0.0 % [0.0, 6.1]`. */
export function share(hits: number, all: number): string {
  if (all === 0) return '-';
  const { low, high } = clopperPearson(hits, all, 0.95);
  const percent = (value: number) => (100 * value).toFixed(1);
  return `${hits} of ${all}: ${percent(hits / all)} % [${percent(low)}, ${percent(high)}]`;
}

export function tallied<Key>(entries: Iterable<readonly [Key, string]>): Map<Key, Tally> {
  const tallies = new Map<Key, Tally>();
  for (const [key, verdict] of entries) {
    const tally = tallies.get(key) ?? new Tally();
    tally.add(verdict);
    tallies.set(key, tally);
  }
  return tallies;
}

export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
