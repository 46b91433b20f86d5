import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, imageName } from './catalogue.js';
import type { DecodeMemory } from './decode-memory.js';
import { DamagedImage } from './errors.js';
import { type ImageLimits, requireFewBytes } from './limits.js';

/** A pipe that nobody writes to must not stop a thread for ever; Windows has none. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads images' bytes, from files of their own or from the middle of tar archives, which are kept open. */
export class FileReader {
  readonly #catalogue: Catalogue;
  readonly #limits: ImageLimits;
  readonly #shards = new Map<number, number>();

  constructor(catalogue: Catalogue, limits: ImageLimits) {
    this.#catalogue = catalogue;
    this.#limits = limits;
  }

  /** Takes memory for a large file, which the caller gives back. @throws DamagedImage if it is not there, cut off or too large */
  read(image: number, memory: DecodeMemory): Buffer {
    try {
      return this.#catalogue.shards.length > 0
        ? this.#readEntry(image, memory)
        : readFile(join(this.#catalogue.folder, imageName(this.#catalogue, image)), this.#limits, memory);
    } catch (error) {
      throw error instanceof DamagedImage ? error : new DamagedImage((error as Error).message);
    }
  }

  #readEntry(image: number, memory: DecodeMemory): Buffer {
    const { shardOf, offsets, sizes } = this.#catalogue;
    const descriptor = this.#open(shardOf[image]!);
    requireFewBytes(sizes[image]!, this.#limits);
    memory.takeFile(sizes[image]!);
    return readPart(descriptor, { offset: offsets[image]!, size: sizes[image]! });
  }

  #open(shard: number): number {
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    const { folder, shards, places } = this.#catalogue;
    const descriptor = openSync(places[shard] ?? join(folder, shards[shard]!), 'r');
    this.#shards.set(shard, descriptor);
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.#shards.values()) closeSync(descriptor);
    this.#shards.clear();
  }
}

/** Takes memory as `FileReader.read` does. @throws DamagedImage; errors of the disk */
export function readFile(file: string, limits: ImageLimits, memory: DecodeMemory): Buffer {
  const descriptor = openSync(file, READ);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new DamagedImage('it is no file');
    requireFewBytes(status.size, limits);
    memory.takeFile(status.size);
    return readPart(descriptor, { offset: 0, size: status.size });
  } finally {
    closeSync(descriptor);
  }
}

function readPart(descriptor: number, part: { offset: number; size: number }): Buffer {
  const bytes = Buffer.allocUnsafe(part.size);
  for (let done = 0; done < bytes.length; ) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, part.offset + done);
    if (count === 0) throw new DamagedImage('what it is read from ends before it');
    done += count;
  }
  return bytes;
}
