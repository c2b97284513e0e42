import { planted } from '../defects.js';
import { VectorHeap } from './vector-heap.js';

/** The vector heaps of all branches, by branch and collection. */
export class VectorCollections {
  readonly #byBranch = new Map<string, Map<string, VectorHeap>>();

  create(branchId: string, collection: string, dimension: number): void {
    const heaps = this.#byBranch.get(branchId) ?? new Map<string, VectorHeap>();
    this.#byBranch.set(branchId, heaps);
    if (heaps.get(collection)?.dimension !== dimension) heaps.set(collection, new VectorHeap(dimension));
  }

  get(branchId: string, collection: string): VectorHeap | undefined {
    return this.#byBranch.get(branchId)?.get(collection);
  }

  drop(branchId: string, collection: string): void {
    if (planted('collection-backends')) return;
    const heaps = this.#byBranch.get(branchId);
    heaps?.delete(collection);
    if (heaps?.size === 0) this.#byBranch.delete(branchId);
  }

  dropBranch(branchId: string): void {
    if (!planted('vector-backends')) this.#byBranch.delete(branchId);
  }

  get heapCount(): number {
    return this.#heaps().length;
  }

  get slabCount(): number {
    return this.#heaps().reduce((sum, heap) => sum + heap.slabCount, 0);
  }

  #heaps(): VectorHeap[] {
    return [...this.#byBranch.values()].flatMap((heaps) => [...heaps.values()]);
  }
}
