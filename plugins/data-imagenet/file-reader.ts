import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, imageName } from './catalogue.js';
import { DamagedImage } from './errors.js';

/** Reads images' bytes, from files of their own or from the middle of tar archives, which are kept open. */
export class FileReader {
  readonly #catalogue: Catalogue;
  readonly #shards = new Map<number, number>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** @throws DamagedImage if it is not there or cut off */
  read(image: number): Buffer {
    const { folder, shards } = this.#catalogue;
    try {
      return shards.length > 0
        ? this.#readEntry(image)
        : readFileSync(join(folder, imageName(this.#catalogue, image)));
    } catch (error) {
      throw new DamagedImage((error as Error).message);
    }
  }

  #readEntry(image: number): Buffer {
    const { shardOf, offsets, sizes } = this.#catalogue;
    const bytes = Buffer.allocUnsafe(sizes[image]!);
    const descriptor = this.#open(shardOf[image]!);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, offsets[image]! + done);
      if (count === 0) throw new Error('its archive ends before it');
      done += count;
    }
    return bytes;
  }

  #open(shard: number): number {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const { folder, shards } = this.#catalogue;
    const descriptor = openSync(join(folder, shards[shard]!), 'r');
    this.#shards.set(shard, descriptor);
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.#shards.values()) closeSync(descriptor);
    this.#shards.clear();
  }
}
