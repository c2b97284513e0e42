/** Finds the number of an object by its address: open addressing, in flat memory. */
export class AddressIndex {
  private addresses = new Float64Array(1 << 13);
  private numbers = new Int32Array(1 << 13);
  private used = 0;

  set(address: number, number: number): void {
    if (this.used * 2 >= this.addresses.length) this.grow();
    const slot = this.slotOf(address);
    if (this.addresses[slot] === 0) this.used += 1;
    this.addresses[slot] = address;
    this.numbers[slot] = number;
  }

  /** @returns -1 where no object has the address */
  get(address: number): number {
    if (address === 0) return -1;
    const slot = this.slotOf(address);
    return this.addresses[slot] === 0 ? -1 : this.numbers[slot]!;
  }

  /** Where the address is, or may be put. */
  private slotOf(address: number): number {
    const mask = this.addresses.length - 1;
    // Objects lie at multiples of eight; the odd factor spreads neighbours.
    let slot = Math.imul(Math.floor(address / 8), 0x9e3779b1) >>> 0;
    for (slot &= mask; ; slot = (slot + 1) & mask) {
      const present = this.addresses[slot];
      if (present === 0 || present === address) return slot;
    }
  }

  private grow(): void {
    const { addresses, numbers } = this;
    this.addresses = new Float64Array(addresses.length * 2);
    this.numbers = new Int32Array(addresses.length * 2);
    for (const [slot, address] of addresses.entries()) {
      if (address === 0) continue;
      const place = this.slotOf(address);
      this.addresses[place] = address;
      this.numbers[place] = numbers[slot]!;
    }
  }
}
