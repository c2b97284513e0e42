/** Spreads ids, which follow each other, over the slots: 2^32 divided by the golden ratio. */
const spread = 0x9e3779b1;

/**
 * Ids of the objects of a heap, none of which is 0. Of 555,000 objects, two sets of numbers took 0.3 s of the 1.3 s in which
 * a pair of snapshots was read and compared.
 */
export class IdSet {
  private readonly slots: Uint32Array;
  private readonly shift: number;

  /** @param most that will be added */
  constructor(most: number) {
    const bits = Math.max(1, Math.ceil(Math.log2(2 * most + 1)));
    this.slots = new Uint32Array(2 ** bits);
    this.shift = 32 - bits;
  }

  add(id: number): void {
    this.slots[this.slotOf(id)] = id;
  }

  has(id: number): boolean {
    return this.slots[this.slotOf(id)] === id;
  }

  /** Where the id is, or would be. */
  private slotOf(id: number): number {
    const { slots, shift } = this;
    let slot = Math.imul(id, spread) >>> shift;
    while (slots[slot] !== 0 && slots[slot] !== id) slot = (slot + 1) % slots.length;
    return slot;
  }
}
