import { join } from 'node:path';
import { FileSource, indexTar, quoteShort, type TarEntry } from 'dna-nas/archives';
import { classMismatch } from './errors.js';
import { emptyIndex, type ImageIndex, isImageName, UNLABELLED } from './image-index.js';

/** One sample of a WebDataset: files whose names differ in what follows the first dot. */
interface Sample {
  image?: TarEntry;
  label?: TarEntry;
}

/** Finds the images of tar archives, each with its class if they have labels. Only headers and labels are read. */
export function indexShards(
  root: string,
  shards: readonly string[],
  { labels }: { readonly labels: boolean },
): ImageIndex {
  const index = { ...emptyIndex(), shards: [...shards] };
  const numbers = new Map<string, number>();
  shards.forEach((shard, number) => {
    const source = new FileSource(join(root, shard));
    try {
      for (const [key, sample] of samplesOf(indexTar(source))) {
        if (!sample.image) continue;
        const name = labels ? (labelOf(source, sample) ?? classOfName(key) ?? fail(shard, key)) : UNLABELLED;
        if (!numbers.has(name)) numbers.set(name, index.classes.push(name) - 1);
        index.names.push(sample.image.name);
        index.sizes.push(sample.image.size);
        index.classOf.push(numbers.get(name)!);
        index.shardOf.push(number);
        index.offsets.push(sample.image.offset);
      }
    } finally {
      source.close();
    }
  });
  return index;
}

function samplesOf(entries: readonly TarEntry[]): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  for (const entry of entries) {
    const start = entry.name.lastIndexOf('/') + 1;
    const dot = entry.name.indexOf('.', start);
    if (dot < 0) continue;
    const key = entry.name.slice(0, dot);
    const sample = samples.get(key) ?? {};
    const extension = entry.name.slice(dot + 1).toLowerCase();
    if (isImageName(entry.name)) sample.image ??= entry;
    if (extension === 'cls' || extension === 'json') sample.label ??= entry;
    if (extension === 'cls') sample.label = entry;
    samples.set(key, sample);
  }
  return samples;
}

/** `#7` for the number 7, else the text; undefined where there is no label. */
function labelOf(source: FileSource, { label }: Sample): string | undefined {
  if (!label || label.size > 65536) return undefined;
  const text = Buffer.from(source.read(label.offset, label.size)).toString('utf8').trim();
  const value = label.name.toLowerCase().endsWith('.json') ? labelOfJson(text) : text;
  if (value === undefined || value === '') return undefined;
  return /^\d+$/.test(value) ? `#${Number(value)}` : value;
}

function labelOfJson(text: string): string | undefined {
  try {
    const { label, cls } = JSON.parse(text) as { label?: unknown; cls?: unknown };
    const found = label ?? cls;
    return typeof found === 'number' || typeof found === 'string' ? String(found) : undefined;
  } catch {
    return undefined;
  }
}

/** The folder, or what stands before the number: `n01440764/x`, `n01440764_10026`. */
function classOfName(key: string): string | undefined {
  const parts = key.split('/');
  return parts.at(-2) ?? /^(n\d{8})_/.exec(parts.at(-1)!)?.[1];
}

function fail(shard: string, key: string): never {
  throw classMismatch(
    `The sample ${quoteShort(key)} of ${shard} has no class.`,
    'Give each sample a .cls file (number, WordNet id or name) or a .json file with `label`, or name it by its class.',
  );
}
