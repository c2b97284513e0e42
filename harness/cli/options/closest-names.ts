/** Smallest number of letters to insert, remove, change or swap with their neighbour (Damerau–Levenshtein, restricted). */
function distanceBetween(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

const shownAtMost = 3;

/** Names that were probably meant, closest first: those that hold what was given, or differ in a third of their letters. */
export function closestNames(given: string, names: readonly string[]): string[] {
  const wanted = given.toLowerCase();
  const candidates = names
    .map((name) => ({ name, distance: shareOfDifference(wanted, name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const closest = candidates[0]?.distance ?? 1;
  return candidates
    .filter(({ distance }) => distance <= Math.min(0.34, 2 * closest + 0.05))
    .slice(0, shownAtMost)
    .map(({ name }) => name);
}

/** 0 to 1 and more; a loop may be named without its system. */
function shareOfDifference(wanted: string, candidate: string): number {
  if (wanted.length > 2 && candidate.includes(wanted)) return 0;
  const parts = wanted.includes('/') ? [candidate] : [candidate, ...candidate.split('/')];
  return Math.min(...parts.map((part) => distanceBetween(wanted, part) / Math.max(part.length, 3)));
}

/** The names that were probably meant, or `otherwise` when nothing is close. */
export function suggestion(given: string, names: readonly string[], otherwise: string): string {
  return closestNames(given, names).join(' or ') || otherwise;
}
