import type { ByteSource } from './byte-source.js';
import { ByteStream } from './byte-stream.js';
import { quoteShort, tarInvalid } from './errors.js';
import { TarProblem } from './tar-header.js';
import { type TarEntry, walkTar } from './tar-walk.js';

const LARGEST_FILE = 2 ** 28;

/**
 * Finds every file of a tar archive, in its order, so that each can be read by `source.read(offset, size)`. Only
 * headers are read. ustar, pax and GNU archives are understood; folders, symbolic links, devices and pipes are passed
 * over; hard links, sparse files, names that are absolute, hold `..` or are there twice are refused.
 * @throws DnaError `TAR_INVALID` with the byte where something is wrong, also where the archive is cut off
 */
export function indexTar(source: ByteSource): TarEntry[] {
  return naming(source, () => {
    const entries: TarEntry[] = [];
    const walk = walkTar();
    for (let step = walk.next(); !step.done; ) {
      if (step.value.want === 'entry') {
        requireInside(step.value.entry, source.size);
        entries.push(step.value.entry);
        step = walk.next();
      } else {
        const { offset, length } = step.value;
        step = walk.next(source.read(offset, Math.max(0, Math.min(length, source.size - offset))));
      }
    }
    return entries;
  });
}

export interface ReadTarOptions {
  /** Of the archive, for messages. */
  readonly name?: string;
  /** Files of more bytes are refused. @default 2^28 */
  readonly largestFile?: number;
}

/**
 * Reads the files of a tar archive as they arrive, by the rules of `indexTar`; at most one file is in memory. The
 * stream is closed when the reader stops.
 * @throws DnaError `TAR_INVALID`, once all files before the fault were given out
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  options: ReadTarOptions = {},
): AsyncGenerator<TarEntry & { readonly data: Uint8Array }, void, void> {
  const source = { name: options.name ?? '' };
  const bytes = new ByteStream(stream);
  const walk = walkTar();
  try {
    for (let step = naming(source, () => walk.next()); !step.done; ) {
      let reply: Uint8Array | undefined;
      if (step.value.want === 'entry') {
        const { entry } = step.value;
        yield { ...entry, data: await readFile(source, bytes, entry, options.largestFile ?? LARGEST_FILE) };
      } else reply = await bytes.read(step.value.offset, step.value.length);
      step = naming(source, () => walk.next(reply));
    }
  } finally {
    await bytes.close();
  }
}

async function readFile(
  source: Pick<ByteSource, 'name'>,
  bytes: ByteStream,
  entry: TarEntry,
  largest: number,
): Promise<Uint8Array> {
  const label = quoteShort(entry.name);
  if (entry.size > largest) {
    throw tarInvalid(source, `its file ${label} claims ${entry.size} bytes, above the limit of ${largest}`);
  }
  const data = await bytes.read(entry.offset, entry.size);
  if (data.length < entry.size) {
    throw tarInvalid(source, cutOff(entry, entry.offset + data.length));
  }
  return data;
}

function requireInside(entry: TarEntry, size: number): void {
  if (entry.offset + entry.size > size) throw new TarProblem(cutOff(entry, size));
}

function cutOff({ name, offset, size }: TarEntry, end: number): string {
  return `it is cut off at byte ${end}: its file ${quoteShort(name)} should end at ${offset + size}`;
}

/** What `action` gives; what it finds wrong is told of the archive. */
function naming<Value>(source: Pick<ByteSource, 'name'>, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    throw error instanceof TarProblem ? tarInvalid(source, error.message) : error;
  }
}
