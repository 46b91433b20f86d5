import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileLayer, keepFile, readKept } from 'dna-nas/files';
import { emptyIndex, type ImageIndex } from './image-index.js';

/** Below this many images finding them again takes no time worth a file. */
const WORTH_KEEPING = 10_000;

/** What must be unchanged for a kept index to hold: name and time of change. */
export function stampOf(root: string, name: string): string {
  return `${name} ${statSync(join(root, name)).mtimeMs}`;
}

export interface IndexCacheOptions {
  /** Where indices are kept. */
  readonly folder: string;
  /** Absolute path of the data, part of the key. */
  readonly root: string;
  /** Is told, once, that an index cannot be kept. */
  readonly noticed: (text: string) => void;
  /** @default the real disk */
  readonly files?: FileLayer | undefined;
}

/**
 * Indices of large data sets, kept outside of the data, one file for each folder and state of it. A file that is
 * gone, damaged, of another state or that cannot be written only costs the time to find the images again.
 */
export class IndexCache {
  readonly #options: IndexCacheOptions;
  #isTold = false;

  constructor(options: IndexCacheOptions) {
    this.#options = options;
  }

  /** The kept index of this state, or what `make` finds. */
  take(stamps: readonly string[], make: () => ImageIndex): ImageIndex {
    const { root, folder, files } = this.#options;
    const key = createHash('sha256')
      .update([root, ...stamps].join('\n'))
      .digest('hex');
    const file = join(folder, `${key.slice(0, 32)}.json`);
    const kept = parseIndex(readKept(file, files));
    if (kept) return kept;
    const index = make();
    if (index.shards.length > 0 || index.names.length >= WORTH_KEEPING) this.#keep(file, index);
    return index;
  }

  #keep(file: string, index: ImageIndex): void {
    const noticed = (text: string) => {
      if (!this.#isTold) this.#options.noticed(text);
      this.#isTold = true;
    };
    const what = 'The lists of the images that were found';
    keepFile(file, Buffer.from(JSON.stringify(index)), { what, noticed, files: this.#options.files });
  }
}

function parseIndex(bytes: Uint8Array | undefined): ImageIndex | undefined {
  if (!bytes) return undefined;
  try {
    const index = JSON.parse(new TextDecoder().decode(bytes)) as ImageIndex;
    const whole = Object.keys(emptyIndex()).every((column) =>
      Array.isArray(index[column as keyof ImageIndex]),
    );
    const count = index.names.length;
    return whole && index.sizes.length === count && index.classOf.length === count ? index : undefined;
  } catch {
    return undefined;
  }
}
