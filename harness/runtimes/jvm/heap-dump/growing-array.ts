/** A typed array that grows: plain arrays of a heap's size would take several times its memory. */
export class GrowingArray<Values extends Float64Array | Int32Array> {
  length = 0;
  private values: Values;

  constructor(private readonly create: (length: number) => Values) {
    this.values = create(1 << 12);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = this.create(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.values[index]!;
  }
}

export const growingIntegers = () => new GrowingArray((length) => new Int32Array(length));
export const growingAddresses = () => new GrowingArray((length) => new Float64Array(length));
