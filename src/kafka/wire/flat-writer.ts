/** Writes Kafka's flexible (compact) encoding into one growing buffer: the library's Writer makes a Buffer for each field. */
export class FlatWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #position = 0;

  /** What has been written so far. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#position);
  }

  int8(value: number): this {
    this.#reserve(1);
    this.#position = this.#bytes.writeInt8(value, this.#position);
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#position = this.#bytes.writeInt32BE(value, this.#position);
    return this;
  }

  /** A whole number within +-2^53. */
  int64(value: number): this {
    const high = Math.floor(value / 4_294_967_296);
    this.#reserve(8);
    this.#position = this.#bytes.writeInt32BE(high, this.#position);
    this.#position = this.#bytes.writeUInt32BE(value - high * 4_294_967_296, this.#position);
    return this;
  }

  unsignedVarInt(value: number): this {
    this.#reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#position++] = rest;
    return this;
  }

  string(value: string | null): this {
    if (value === null) return this.unsignedVarInt(0);
    const length = Buffer.byteLength(value);
    this.unsignedVarInt(length + 1);
    this.#reserve(length);
    this.#position += this.#bytes.write(value, this.#position);
    return this;
  }

  /** Begins a compact array. */
  arrayLength(length: number): this {
    return this.unsignedVarInt(length + 1);
  }

  nullArray(): this {
    return this.unsignedVarInt(0);
  }

  noTags(): this {
    return this.unsignedVarInt(0);
  }

  #reserve(length: number): void {
    if (this.#position + length <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#position + length));
    this.#bytes.copy(grown, 0, 0, this.#position);
    this.#bytes = grown;
  }
}
