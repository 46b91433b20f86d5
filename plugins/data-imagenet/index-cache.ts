import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emptyIndex, type ImageIndex } from './image-index.js';

/** Below this many images finding them again takes no time worth a file. */
const WORTH_KEEPING = 10_000;

/** What must be unchanged for a kept index to hold: name and time of change. */
export function stampOf(root: string, name: string): string {
  return `${name} ${statSync(join(root, name)).mtimeMs}`;
}

/**
 * Indices of large data sets, kept outside of the data, one file for each folder and state of it. A file that is
 * gone, damaged or of another state only costs the time to find the images again.
 */
export class IndexCache {
  readonly #folder: string;
  readonly #root: string;

  /** @param root absolute path of the data, part of the key */
  constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
  }

  /** The kept index of this state, or what `make` finds. */
  take(stamps: readonly string[], make: () => ImageIndex): ImageIndex {
    const key = createHash('sha256')
      .update([this.#root, ...stamps].join('\n'))
      .digest('hex');
    const file = join(this.#folder, `${key.slice(0, 32)}.json`);
    const kept = readKept(file);
    if (kept) return kept;
    const index = make();
    if (index.shards.length > 0 || index.names.length >= WORTH_KEEPING) keep(file, index);
    return index;
  }
}

function readKept(file: string): ImageIndex | undefined {
  try {
    const index = JSON.parse(readFileSync(file, 'utf8')) as ImageIndex;
    const whole = Object.keys(emptyIndex()).every((column) =>
      Array.isArray(index[column as keyof ImageIndex]),
    );
    const count = index.names.length;
    return whole && index.sizes.length === count && index.classOf.length === count ? index : undefined;
  } catch {
    return undefined;
  }
}

/** Where there is no room or no right to write, the next start finds the images again. */
function keep(file: string, index: ImageIndex): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, JSON.stringify(index));
    renameSync(draft, file);
  } catch {
    removeDraft(draft);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Its folder is none.
  }
}
