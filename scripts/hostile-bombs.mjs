// Files of weights and archives that are sound, or nearly so, and ask for as much memory or time as a file can.
import { crc32, deflateRawSync } from 'node:zlib';
import { writeZip } from './hostile-mutations.mjs';

const pick = (random, list) => list[random.integer(list.length)];

function text(value) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from('X'), length, Buffer.from(value)]);
}

function integer(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return Buffer.concat([Buffer.from('\x8a\x08', 'latin1'), bytes]);
}

const raw = (piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
const join = (...pieces) => Buffer.concat(pieces.map(raw));
const tuple = (...items) => join('(', ...items, 't');
const pickle = (...pieces) => join('\x80\x02', ...pieces, '.');

function view({ type, length, offset, size, stride }) {
  const storage = tuple(text('storage'), `ctorch\n${type}\n`, text('0'), text('cpu'), integer(length));
  const place = [integer(offset), tuple(...size.map(integer)), tuple(...stride.map(integer))];
  const rest = [...place, '\x89', 'ccollections\nOrderedDict\n)R'];
  return join('ctorch._utils\n_rebuild_tensor_v2\n', tuple(storage, 'Q', ...rest), 'R');
}

const TYPES = {
  ByteStorage: 1,
  BoolStorage: 1,
  HalfStorage: 2,
  FloatStorage: 4,
  DoubleStorage: 8,
  LongStorage: 8,
};

/** Where the view of a name lies, of a storage of `length` elements. */
const LAYOUTS = {
  'one view': (length) => ({ offset: 0, size: [length], stride: [1] }),
  'shifted views': (length, index) => ({ offset: index % 1000, size: [length - 1000], stride: [1] }),
  'views of two shapes': (length, index) =>
    index % 2 === 0
      ? { offset: 0, size: [length], stride: [1] }
      : { offset: 0, size: [2, length / 2], stride: [length / 2, 1] },
  'expanded views': (length, index) => ({ offset: 0, size: [1 + (index % 7), length], stride: [0, 1] }),
  'short views': (length, index) => ({ offset: index % length, size: [1], stride: [1] }),
};

/** 100 to 20,000 names for views of one storage of up to 4 MiB. */
export function manyViews(random) {
  const kind = pick(random, Object.keys(LAYOUTS));
  const type = pick(random, Object.keys(TYPES));
  const count = pick(random, [100, 400, 5000, 20_000]);
  const bytes = pick(random, [2 ** 14, 2 ** 20, 2 ** 22]);
  const length = bytes / TYPES[type];
  const names = Array.from({ length: count }, (_, index) =>
    join(text(`t${index}`), view({ type, length, ...LAYOUTS[kind](length, index) })),
  );
  const entries = [
    ['file/data.pkl', pickle('}(', ...names, 'u')],
    ['file/byteorder', Buffer.from('little')],
    ['file/data/0', Buffer.alloc(bytes)],
  ];
  return { kind: `${count} names, ${type}, ${kind}`, bytes: writeZip(entries) };
}

/** Opcodes that a pickle repeats. */
const REPEATED = {
  'empty lists': ']',
  'empty tuples': ')',
  'empty dictionaries': '}',
  marks: '(',
  nothings: 'N',
  'lists in lists': ']a',
  names: 'ctorch\nFloatStorage\n',
  'maps that are made': 'ccollections\nOrderedDict\n)R',
  'short texts': join('X', Buffer.from([1, 0, 0, 0]), 'a'),
  'long numbers': join('\x8a\xff', Buffer.alloc(255, 0x7f)),
  'texts that are remembered': join('X', Buffer.from([1, 0, 0, 0]), 'a', '\x94'),
  'long texts': text('x'.repeat(2 ** 20)),
};

/** A pickle of up to 64 MiB, deflated to a thousandth where it can be, that is one opcode again and again. */
export function pickleBomb(random) {
  const kind = pick(random, Object.keys(REPEATED));
  const bytes = pick(random, [2 ** 20, 2 ** 24, 2 ** 26 - 100]);
  const piece = raw(REPEATED[kind]);
  const body = Buffer.alloc(Math.max(piece.length, bytes - (bytes % piece.length)), piece);
  const data = join('\x80\x04', body, '.');
  const method = pick(random, ['stored', 'deflated']);
  return { kind: `${bytes} bytes of ${kind}, ${method}`, bytes: zipOf([['file/data.pkl', data]], method) };
}

/** A safetensors header of up to 120,000 tensors (300,000 are beyond its limit): empty, of a byte each, or all of the same bytes. */
export function manyTensors(random) {
  const kind = pick(random, ['empty tensors', 'tensors of a byte', 'tensors of the same bytes', 'metadata']);
  const count = pick(random, [1000, 20_000, 120_000, 300_000]);
  const shared = 2 ** 20;
  const row = {
    'empty tensors': (index) => `"t${index}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
    'tensors of a byte': (index) =>
      `"t${index}":{"dtype":"U8","shape":[1],"data_offsets":[${index},${index + 1}]}`,
    'tensors of the same bytes': (index) =>
      `"t${index}":{"dtype":"U8","shape":[${shared}],"data_offsets":[0,${shared}]}`,
    metadata: (index) => `"k${index}":"${'x'.repeat(40)}"`,
  }[kind];
  const rows = Array.from({ length: count }, (_, index) => row(index)).join();
  const header = Buffer.from(kind === 'metadata' ? `{"__metadata__":{${rows}}}` : `{${rows}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = { 'tensors of a byte': count, 'tensors of the same bytes': shared }[kind] ?? 0;
  return { kind: `${count}, ${kind}`, bytes: Buffer.concat([length, header, Buffer.alloc(data)]) };
}

/** An archive that inflates to 128 MiB, or has 60,000 entries, or entries of the same bytes. */
export function zipBomb(random) {
  const kind = pick(random, ['zeros', 'many entries', 'overlapping entries']);
  if (kind === 'zeros') {
    const entry = ['zeros', Buffer.alloc(pick(random, [2 ** 20, 2 ** 24, 2 ** 27]))];
    return { kind: `${entry[1].length} zeros`, bytes: zipOf([entry], 'deflated') };
  }
  const count = pick(random, [1000, 20_000, 60_000]);
  const entries = Array.from({ length: count }, (_, index) => [`e${index}`, Buffer.from('content')]);
  const bytes = writeZip(entries);
  if (kind === 'many entries') return { kind: `${count} entries`, bytes };
  // Every entry of the directory points at the first header; offsets stand at byte 42 of each.
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 46)) {
    bytes.writeUInt32LE(0, at + 42);
  }
  return { kind: `${count} overlapping entries`, bytes };
}

/** An archive of entries with right checksums. */
function zipOf(entries, method) {
  if (method === 'stored') return writeZip(entries);
  const [[name, data]] = entries;
  const deflated = deflateRawSync(data);
  const bytes = writeZip([[name, deflated]]);
  const directory = bytes.lastIndexOf('PK\x01\x02');
  for (const at of [4, directory + 6]) {
    bytes.writeUInt16LE(8, at + 4);
    bytes.writeUInt32LE(crc32(data), at + 10);
    bytes.writeUInt32LE(data.length, at + 18);
  }
  return bytes;
}
