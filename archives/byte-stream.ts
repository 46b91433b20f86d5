/** Reads forwards in a stream by places, keeping what has arrived and is not yet read. */
export class ByteStream {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  /** Of the first byte of `#chunk` in the stream. */
  #position = 0;
  #ended = false;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /**
   * The bytes from `offset` on, which is not before what was read last; fewer where the stream ends. Memory grows with
   * what arrives, not with what is asked for.
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    await this.#skipTo(offset);
    while (missing > 0 && (await this.#fill())) {
      const part = this.#chunk.subarray(0, missing);
      parts.push(part);
      missing -= part.length;
      this.#advance(part.length);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #skipTo(offset: number): Promise<void> {
    while (this.#position < offset && (await this.#fill())) {
      this.#advance(Math.min(offset - this.#position, this.#chunk.length));
    }
  }

  #advance(count: number): void {
    this.#chunk = this.#chunk.subarray(count);
    this.#position += count;
  }

  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0 && !this.#ended) {
      const { done, value } = await this.#chunks.next();
      if (done) this.#ended = true;
      else this.#chunk = value;
    }
    return this.#chunk.length > 0;
  }
}
