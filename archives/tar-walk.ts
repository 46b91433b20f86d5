import { quoteShort } from './errors.js';
import { type PaxFields, parsePax } from './pax.js';
import { BLOCK_BYTES, decodeText, isEmptyBlock, parseTarHeader, TarProblem } from './tar-header.js';

/** A file in a tar archive. */
export interface TarEntry {
  /** With `/` between folders, never absolute and without `..`; a leading `./` is taken off. */
  readonly name: string;
  /** Of its first byte in the archive. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
}

/** What the walk asks its driver: bytes, fewer only where the archive ends, or to take note of an entry. */
export type TarStep =
  | { readonly want: 'bytes'; readonly offset: number; readonly length: number }
  | { readonly want: 'entry'; readonly entry: TarEntry };

type Walk<Result> = Generator<TarStep, Result, Uint8Array | undefined>;

const LARGEST_EXTENSION = 2 ** 20;
const TAIL_BYTES = 2 ** 16;

/** What stands before a file and belongs to it. */
interface Extension {
  pax?: PaxFields;
  longName?: string;
}

/** Types without data that a shard can have and a reader of files need not: links by name, devices, folders, pipes. */
const PASSED_OVER = '23456';
/** Why other types are refused: they are files of which a part lies elsewhere. */
const REFUSED: Readonly<Record<string, string>> = {
  '1': 'a hard link to another file',
  S: 'stored as sparse',
  M: 'the rest of a file of another volume',
};

/**
 * Walks over an archive, whoever reads it: ustar, pax and GNU. Folders, symbolic links, devices and pipes are passed
 * over; hard links, sparse files, other types, names that lead elsewhere or are there twice are refused.
 * @throws TarProblem
 */
export function* walkTar(): Walk<void> {
  const names = new Set<string>();
  let extension: Extension = {};
  for (let at = 0; ; ) {
    const block = yield* take(at, BLOCK_BYTES, 'a header');
    if (isEmptyBlock(block)) {
      if (extension.pax ?? extension.longName)
        throw new TarProblem(`no file follows the name before byte ${at}`);
      return yield* requireEnd(at + BLOCK_BYTES);
    }
    const header = parseTarHeader(block, at);
    const offset = at + BLOCK_BYTES;
    if ('xgLK'.includes(header.type)) {
      extension = yield* readExtension(header.type, { offset, size: header.size }, extension);
      at = nextHeader(offset, header.size, at);
    } else {
      const size = extension.pax?.size ?? header.size;
      const name = extension.pax?.path ?? extension.longName ?? header.name;
      if (isFile({ type: header.type, name, size }, at)) {
        const entry = { name: plainName(name, at), offset, size };
        if (names.has(entry.name))
          throw new TarProblem(`the file ${quoteShort(entry.name)} at byte ${at} is there twice`);
        names.add(entry.name);
        yield { want: 'entry', entry };
      }
      at = nextHeader(offset, size, at);
      extension = {};
    }
  }
}

/** Exactly so many bytes. */
function* take(offset: number, length: number, what: string): Walk<Uint8Array> {
  const bytes = (yield { want: 'bytes', offset, length }) ?? new Uint8Array();
  if (bytes.length === length) return bytes;
  if (bytes.length > 0) throw new TarProblem(`it is cut off in ${what} at byte ${offset + bytes.length}`);
  throw new TarProblem(`it ends before byte ${offset} without the two empty blocks of an end; it is cut off`);
}

/** Data after the end would be lost in silence, as that of archives joined by `cat`. */
function* requireEnd(from: number): Walk<void> {
  if (!isEmptyBlock(yield* take(from, BLOCK_BYTES, 'its end'))) {
    throw new TarProblem(`one empty block alone stands before byte ${from}`);
  }
  for (let at = from + BLOCK_BYTES; ; at += TAIL_BYTES) {
    const rest = (yield { want: 'bytes', offset: at, length: TAIL_BYTES }) ?? new Uint8Array();
    const found = rest.findIndex((byte) => byte !== 0);
    if (found >= 0) {
      throw new TarProblem(
        `data follows its end, from byte ${at + found} on; archives are not joined by cat`,
      );
    }
    if (rest.length < TAIL_BYTES) return;
  }
}

/** Reads the entry that precedes a file; a `g` one speaks of all files and can say nothing that counts. */
function* readExtension(
  type: string,
  { offset, size }: { readonly offset: number; readonly size: number },
  before: Extension,
): Walk<Extension> {
  if (size > LARGEST_EXTENSION) {
    throw new TarProblem(
      `the extended header at byte ${offset} claims ${size} bytes, over ${LARGEST_EXTENSION}`,
    );
  }
  const bytes = size === 0 ? new Uint8Array() : yield* take(offset, size, 'an extended header');
  if (type === 'K') return before;
  if (type === 'L') {
    if (before.longName !== undefined) throw new TarProblem(`a second long name stands at byte ${offset}`);
    return { ...before, longName: decodeText(bytes, offset) };
  }
  const pax = parsePax(bytes, offset);
  if (type === 'x') {
    if (before.pax) throw new TarProblem(`a second pax header stands at byte ${offset}`);
    return { ...before, pax };
  }
  if (pax.path !== undefined || pax.size !== undefined) {
    throw new TarProblem(`the global header at byte ${offset} names one path or size for all files`);
  }
  return before;
}

function isFile(
  { type, name, size }: { readonly type: string; readonly name: string; readonly size: number },
  at: number,
): boolean {
  if (type === '0' && !name.endsWith('/')) return true;
  if (type !== '0' && !PASSED_OVER.includes(type)) {
    const why = REFUSED[type] ?? `of the type ${quoteShort(type)}`;
    throw new TarProblem(`the file ${quoteShort(name)} at byte ${at} is ${why}, which is not read`);
  }
  if (size > 0)
    throw new TarProblem(`${quoteShort(name)} at byte ${at} is no file and says it has ${size} bytes`);
  return false;
}

function plainName(name: string, at: number): string {
  const plain = name.replace(/^(\.\/+)+/, '');
  if (plain === '' || plain.startsWith('/') || plain.includes('\0') || plain.split('/').includes('..')) {
    throw new TarProblem(`the file at byte ${at} has the name ${quoteShort(name)}, which leads elsewhere`);
  }
  return plain;
}

function nextHeader(offset: number, size: number, at: number): number {
  const next = offset + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  if (!Number.isSafeInteger(next)) throw new TarProblem(`the file at byte ${at} claims ${size} bytes`);
  return next;
}
