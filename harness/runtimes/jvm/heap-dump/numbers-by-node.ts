import { growingAddresses, growingIntegers } from './growing-array.js';

export interface NamedNumber {
  readonly name: string;
  readonly value: number;
}

/** Numbers of objects, in flat memory: each buffer of a heap has a capacity and a limit. */
export class NumbersByNode {
  private readonly names: string[] = [];
  private readonly indexOfName = new Map<string, number>();
  private readonly nodes = growingIntegers();
  private readonly nameOf = growingIntegers();
  private readonly values = growingAddresses();

  /** @param node not smaller than that of the call before */
  add(node: number, name: string, value: number): void {
    let index = this.indexOfName.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.indexOfName.set(name, index);
    }
    this.nodes.push(node);
    this.nameOf.push(index);
    this.values.push(value);
  }

  at(node: number): readonly NamedNumber[] {
    const numbers: NamedNumber[] = [];
    for (let place = this.firstOf(node); place < this.nodes.length && this.nodes.at(place) === node; place += 1)
      numbers.push({ name: this.names[this.nameOf.at(place)]!, value: this.values.at(place) });
    return numbers;
  }

  private firstOf(node: number): number {
    let [low, high] = [0, this.nodes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.nodes.at(middle) < node) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
