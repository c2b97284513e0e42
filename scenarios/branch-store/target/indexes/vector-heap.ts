import { planted } from '../defects.js';

/** Vectors a slab holds. */
export const slabVectors = 16;

/**
 * Vectors of one dimension in slabs of fixed size. A deleted vector's slot is zeroed and goes to the free list, from
 * which the next insertion takes it: slabs grow with the most vectors that were ever live, not with insertions.
 */
export class VectorHeap {
  readonly dimension: number;
  readonly #slabs: Float32Array[] = [];
  readonly #slotById = new Map<string, number>();
  readonly #freeSlots: number[] = [];
  #slotCount = 0;

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  get slabCount(): number {
    return this.#slabs.length;
  }

  get liveCount(): number {
    return this.#slotById.size;
  }

  /** Inserts, or overwrites in place: the same vector twice takes one slot. */
  upsert(id: string, vector: readonly number[]): void {
    let slot = this.#slotById.get(id);
    if (slot === undefined || planted('replay-appends')) slot = this.#takeSlot();
    this.#slotById.set(id, slot);
    this.#view(slot).set(vector);
  }

  delete(id: string): void {
    const slot = this.#slotById.get(id);
    if (slot === undefined) return;
    this.#slotById.delete(id);
    this.#view(slot).fill(0);
    if (!planted('slab-no-free-list')) this.#freeSlots.push(slot);
  }

  /** The `limit` vectors with the largest dot product, best first. */
  nearest(query: readonly number[], limit: number): { id: string; score: number }[] {
    const scored = [...this.#slotById].map(([id, slot]) => ({ id, score: dotProduct(this.#view(slot), query) }));
    return scored.sort((left, right) => right.score - left.score).slice(0, limit);
  }

  #takeSlot(): number {
    const free = this.#freeSlots.pop();
    if (free !== undefined) return free;
    const slot = this.#slotCount++;
    if (slot % slabVectors === 0) this.#slabs.push(new Float32Array(slabVectors * this.dimension));
    return slot;
  }

  #view(slot: number): Float32Array {
    const start = (slot % slabVectors) * this.dimension;
    return this.#slabs[Math.floor(slot / slabVectors)]!.subarray(start, start + this.dimension);
  }
}

function dotProduct(left: Float32Array, right: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * (right[index] ?? 0);
  return sum;
}
