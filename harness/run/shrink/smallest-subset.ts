/**
 * The smallest part of a list that is still enough, in the sense that no single item can be left out (delta debugging,
 * Zeller & Hildebrandt 2002). What comes first in the list is tried first.
 * @param items known to be enough
 */
export async function smallestSubset<Item>(
  items: readonly Item[],
  isEnough: (subset: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = items;
  let parts = 2;
  while (left.length > 1) {
    const chunks = split(left, Math.min(parts, left.length));
    const others = chunks.map((chunk) => left.filter((item) => !chunk.includes(item)));
    const smaller =
      (await firstEnough(chunks, isEnough)) ?? (chunks.length > 2 ? await firstEnough(others, isEnough) : undefined);
    if (smaller === undefined && parts >= left.length) break;
    parts = smaller === undefined ? parts * 2 : smaller.length * 2 > left.length ? Math.max(2, parts - 1) : 2;
    left = smaller ?? left;
  }
  return left;
}

async function firstEnough<Item>(
  candidates: readonly (readonly Item[])[],
  isEnough: (subset: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[] | undefined> {
  for (const candidate of candidates) if (await isEnough(candidate)) return candidate;
  return undefined;
}

function split<Item>(items: readonly Item[], parts: number): (readonly Item[])[] {
  return Array.from({ length: parts }, (_, part) =>
    items.slice(Math.round((part * items.length) / parts), Math.round(((part + 1) * items.length) / parts)),
  );
}
