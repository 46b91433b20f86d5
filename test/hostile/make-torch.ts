import { makeZip } from './make-zip.js';

/** Pieces of a pickle: opcodes as Latin-1 texts, or bytes. */
export type Piece = string | Uint8Array;

const MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.';
const ZEROS = new Uint8Array(4);

/** A pickle of protocol 2 up to its STOP. */
export function pickle(...pieces: readonly Piece[]): Uint8Array {
  return join('\x80\x02', ...pieces, '.');
}

function join(...pieces: readonly Piece[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces.map((piece) => Buffer.from(piece as string, 'latin1'))));
}

/** A text. */
export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  return join('X', int32(bytes.length), bytes);
}

/** Bytes of a 32-bit number. */
export function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A number of up to 64 bits. */
export function integer(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return join('\x8a\x08', bytes);
}

/** A name. */
export function named(module: string, name: string): Uint8Array {
  return join(`c${module}\n${name}\n`);
}

export function tuple(...items: readonly Piece[]): Uint8Array {
  return join('(', ...items, 't');
}

export interface MadeTensor {
  /** @default '0' */
  readonly key?: string;
  /** @default 'FloatStorage' */
  readonly type?: string;
  /** Elements of the storage. @default 6 */
  readonly length?: number | bigint;
  /** @default 0 */
  readonly offset?: number | bigint;
  /** @default [2, 3] */
  readonly size?: readonly (number | bigint)[];
  /** @default [3, 1] */
  readonly stride?: readonly (number | bigint)[];
  /** More arguments of `_rebuild_tensor_v2`. */
  readonly more?: Piece;
}

export function tensor(made: MadeTensor = {}): Uint8Array {
  const {
    key = '0',
    type = 'FloatStorage',
    length = 6,
    offset = 0,
    size = [2, 3],
    stride = [3, 1],
    more = '',
  } = made;
  const storage = tuple(text('storage'), named('torch', type), text(key), text('cpu'), integer(length));
  const hooks = join(named('collections', 'OrderedDict'), ')R');
  const rest = [tuple(...size.map(integer)), tuple(...stride.map(integer)), '\x89', hooks, more];
  return join(
    named('torch._utils', '_rebuild_tensor_v2'),
    tuple(storage, 'Q', integer(offset), ...rest),
    'R',
  );
}

/** A dictionary with text keys. */
export function dictionary(entries: readonly (readonly [string, Piece])[]): Uint8Array {
  return join('}(', ...entries.flatMap(([key, value]) => [text(key), value]), 'u');
}

/** Six floats. */
export const FLOATS = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);

/** A file as since PyTorch 1.6, with the pickle of an object and its storages. */
export function torchZip(
  data: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = { 0: FLOATS },
  others: Readonly<Record<string, string>> = { byteorder: 'little' },
): Uint8Array {
  return makeZip([
    { name: 'file/data.pkl', data },
    ...Object.entries(others).map(([name, content]) => ({
      name: `file/${name}`,
      data: Buffer.from(content),
    })),
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `file/data/${key}`, data: bytes })),
  ]);
}

/** A file as before PyTorch 1.6. */
export function torchLegacy(
  data: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = { 0: FLOATS },
  system: Uint8Array = pickle(dictionary([['little_endian', '\x88']])),
): Uint8Array {
  const keys = pickle('](', ...Object.keys(storages).map(text), 'e');
  const values = Object.values(storages).flatMap((bytes) => [int32(bytes.length / 4), ZEROS, bytes]);
  return join(MAGIC, pickle(integer(1001)), system, data, keys, ...values);
}
