import { createHash } from 'node:crypto';
import type { Dataset, InspectedImage, Split } from 'dna-nas/core/contracts';

/** One image of a data set, once looked at. */
export interface ImageRecord extends InspectedImage {
  /** Its file, or its place where it has none. */
  readonly file: string;
  /** The splits that it is in; more than one where a split has no images of its own. */
  readonly splits: readonly Split[];
}

/** Images that are looked at together. */
const BATCH = 64;

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];

/** Looks at every image once, in the order of the splits. */
export async function inspectAll(
  dataset: Dataset,
  progress: (images: number, of: number) => void = () => undefined,
): Promise<ImageRecord[]> {
  const { size } = dataset.description;
  const splits = ownSplits(dataset);
  const all = splits.reduce((sum, split) => sum + size[split], 0);
  const known = new Map<string, ImageRecord & { splits: Split[] }>();
  let done = 0;
  for (const split of splits) {
    for (let first = 0; first < size[split]; first += BATCH) {
      const count = Math.min(BATCH, size[split] - first);
      const indices = Array.from({ length: count }, (_, offset) => first + offset);
      await addImages(known, { dataset, split, indices });
      done += count;
      progress(done, all);
    }
  }
  return [...known.values()];
}

/** Without names, images of a split that is another one's cannot be told from it. */
function ownSplits({ description: { testFrom, size }, name }: Dataset): Split[] {
  const own = SPLITS.filter((split) => size[split] > 0);
  return name || testFrom === undefined || testFrom === 'held-out'
    ? own
    : own.filter((split) => split !== 'test');
}

interface Batch {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly indices: readonly number[];
}

async function addImages(
  known: Map<string, ImageRecord & { splits: Split[] }>,
  { dataset, split, indices }: Batch,
): Promise<void> {
  const fileOf = (index: number) => dataset.name?.(split, index) ?? `${split} ${index}`;
  const fresh = indices.filter((index) => !known.has(fileOf(index)));
  for (const index of indices) known.get(fileOf(index))?.splits.push(split);
  if (fresh.length === 0) return;
  const inspected = await inspectImages({ dataset, split, indices: fresh });
  fresh.forEach((index, place) => {
    known.set(fileOf(index), { ...inspected[place]!, file: fileOf(index), splits: [split] });
  });
}

/** Files by what they hold; images that have none by their pixels. */
async function inspectImages({ dataset, split, indices }: Batch): Promise<readonly InspectedImage[]> {
  if (dataset.inspect) return dataset.inspect(split, indices);
  const { images, labels } = await dataset.read(split, indices);
  const { height, width, channels } = dataset.description.image;
  const floats = height * width * channels;
  return indices.map((_, place) => {
    const pixels = images.subarray(place * floats, (place + 1) * floats);
    const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    return {
      digest: createHash('sha256').update(bytes).digest('hex'),
      ...{ height, width, label: labels[place]! },
    };
  });
}
