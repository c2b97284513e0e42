/** How a text is written: absent, empty, by its key in the pool of texts, or with its characters. */
const textForm = { absent: 0, empty: 1, constant: 2, utf8: 3, characters: 4, latin1: 5 } as const;
const variableBytesMax = 9;

/** Reads the primitive values of a flight recording one after the other. */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    public position = 0,
  ) {}

  byte(): number {
    return this.bytes.readUInt8(this.position++);
  }

  float(): number {
    this.position += 4;
    return this.bytes.readFloatBE(this.position - 4);
  }

  double(): number {
    this.position += 8;
    return this.bytes.readDoubleBE(this.position - 8);
  }

  /**
   * An integer of 1 to 9 bytes, 7 bits each, the ninth with 8. Beyond 2^53 (negative numbers, hashes) it is inexact, which
   * is enough for a key that is compared with one that was read in the same way.
   */
  variable(): number {
    let value = 0;
    let factor = 1;
    for (let count = 1; ; count += 1, factor *= 128) {
      const byte = this.byte();
      if (count === variableBytesMax) return value + byte * factor;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** @returns the text, null where there is none, or its key in the pool of texts */
  text(): string | number | null {
    const form = this.byte();
    switch (form) {
      case textForm.absent:
        return null;
      case textForm.empty:
        return '';
      case textForm.constant:
        return this.variable();
      case textForm.utf8:
        return this.slice(this.variable()).toString('utf8');
      case textForm.latin1:
        return this.slice(this.variable()).toString('latin1');
      case textForm.characters:
        return String.fromCharCode(...Array.from({ length: this.variable() }, () => this.variable()));
      default:
        throw new Error(`unknown form of text: ${form}`);
    }
  }

  private slice(length: number): Buffer {
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }
}
