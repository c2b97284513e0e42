import type { HeapGraph } from './heap-graph.js';

/** Spreads ids, which are odd and follow each other, over the table. */
const spread = 0x9e3779b1;

/**
 * Which ids of nodes a snapshot has. A table of numbers: a `Set` of 740,000 ids took 0.14 s to fill, this one 0.04 s,
 * and crafted ids make it no larger.
 */
export class NodeIds {
  private readonly slots: Uint32Array;
  private readonly shift: number;

  /** Native nodes are left out: they are named by their address, which may be used again. */
  constructor({ nodeTypes, nodeType, nodeId, nodeCount }: HeapGraph) {
    const bits = Math.max(1, Math.ceil(Math.log2(2 * nodeCount + 1)));
    this.slots = new Uint32Array(2 ** bits);
    this.shift = 32 - bits;
    const native = nodeTypes.indexOf('native');
    for (let node = 0; node < nodeCount; node += 1) if (nodeType[node] !== native) this.add(nodeId[node]!);
  }

  /** An id of 0 is that of no node. */
  has(id: number): boolean {
    return id !== 0 && this.slots[this.slotOf(id)] === id;
  }

  private add(id: number): void {
    this.slots[this.slotOf(id)] = id;
  }

  /** Where the id stands, or the free slot where it would: the table is at most half full. */
  private slotOf(id: number): number {
    const last = this.slots.length - 1;
    let slot = Math.imul(id, spread) >>> this.shift;
    while (this.slots[slot] !== 0 && this.slots[slot] !== id) slot = (slot + 1) & last;
    return slot;
  }
}
