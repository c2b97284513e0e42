/**
 * The smallest part of a list that is still enough, in the sense that no single item can be left out (QuickXplain, Junker,
 * AAAI 2004): of n items of which k are needed, some 2k log2(n/k) + 2k parts are tried. Each is a part of the last one that
 * was enough. What comes first in the list is tried first, and either half alone before both are looked through.
 * @param items known to be enough
 */
export async function smallestSubset<Item>(
  items: readonly Item[],
  isEnough: (subset: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  /** What must be added to `given`, of `candidates`, with all of which it is enough. */
  async function neededBeside(given: readonly Item[], candidates: readonly Item[]): Promise<readonly Item[]> {
    if (candidates.length === 1) return candidates;
    const half = Math.ceil(candidates.length / 2);
    const [first, second] = [candidates.slice(0, half), candidates.slice(half)];
    const withFirst = [...given, ...first];
    const isFirstEnough = await isEnough(withFirst);
    if (!isFirstEnough && given.length === 0 && (await isEnough(second))) return only(second);
    const ofSecond = isFirstEnough ? [] : await neededBeside(withFirst, second);
    const withSecond = [...given, ...ofSecond];
    const isFirstNeeded = ofSecond.length === 0 || !(await isEnough(withSecond));
    return [...(isFirstNeeded ? await neededBeside(withSecond, first) : []), ...ofSecond];
  }
  const only = (enough: readonly Item[]) => (enough.length < 2 ? enough : neededBeside([], enough));
  return only(items);
}
