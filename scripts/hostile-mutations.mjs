// Ways to spoil a file of any format, and the pickle in a PyTorch file.
import { crc32 } from 'node:zlib';

/** Numbers at which readers go wrong. */
const NUMBERS = [0n, 1n, 2n, 127n, 255n, 65535n, 1n << 20n, 1n << 31n, (1n << 31n) - 1n, (1n << 32n) - 1n];
NUMBERS.push(
  1n << 33n,
  1n << 40n,
  1n << 52n,
  1n << 53n,
  1n << 62n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 1n,
);

const pick = (random, list) => list[random.integer(list.length)];
const place = (random, bytes, room = 1) => random.integer(Math.max(1, bytes.length - room + 1));

function splice(bytes, at, removed, added = []) {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at + removed)]);
}

/** Of a file's bytes. */
export const BYTE_MUTATIONS = {
  'bit flipped': (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[place(random, copy)] ^= 1 << random.integer(8);
    return copy;
  },
  'byte changed': (bytes, random) => splice(bytes, place(random, bytes), 1, [random.integer(256)]),
  'bytes inserted': (bytes, random) =>
    splice(
      bytes,
      place(random, bytes),
      0,
      Array.from({ length: 1 + random.integer(9) }, () => random.integer(256)),
    ),
  'bytes removed': (bytes, random) => splice(bytes, place(random, bytes), 1 + random.integer(9)),
  'cut off': (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  'part twice': (bytes, random) => {
    const at = place(random, bytes);
    return splice(bytes, at, 0, bytes.subarray(at, at + 1 + random.integer(600)));
  },
  'part moved': (bytes, random) => {
    const at = place(random, bytes);
    const part = Buffer.from(bytes.subarray(at, at + 1 + random.integer(100)));
    const rest = splice(bytes, at, part.length);
    return splice(rest, place(random, rest), 0, part);
  },
  'number written': (bytes, random) => {
    const width = pick(random, [1, 2, 4, 8]);
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(pick(random, NUMBERS));
    return splice(bytes, place(random, bytes, width), width, number.subarray(0, width));
  },
  'zeros written': (bytes, random) => splice(bytes, place(random, bytes, 8), 8, Buffer.alloc(8)),
};

const OPCODES = [...Array(256).keys()].map((code) => String.fromCharCode(code));
const PIECES = [
  'cos\nsystem\n',
  'cbuiltins\neval\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ctorch._utils\n_rebuild_parameter\n',
  'ctorch\nSize\n',
  'ctorch\nFloatStorage\n',
  'ctorch\nDoubleStorage\n',
  'ctorch.storage\nUntypedStorage\n',
  'ccollections\nOrderedDict\n)R',
  'cargparse\nNamespace\n)\x81',
  'X\x07\x00\x00\x00storage',
  'X\x09\x00\x00\x00__proto__',
  'X\xff\xff\xff\x7f',
  '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40',
  '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\xff',
  'J\xff\xff\xff\x7f',
  'J\xff\xff\xff\xff',
  'K\x00',
  'K\x01',
  'h\x00',
  'h\x01',
  'q\x01',
  '}(u',
  '](e',
  '(t',
  ')\x85\x86\x87',
  'N',
  'G\x40\x08\x00\x00\x00\x00\x00\x00',
];

/** Of a pickle, which no checksum protects once the archive is written anew. */
export const PICKLE_MUTATIONS = {
  ...BYTE_MUTATIONS,
  'opcode inserted': (bytes, random) =>
    splice(bytes, place(random, bytes), 0, Buffer.from(pick(random, OPCODES), 'latin1')),
  'piece inserted': (bytes, random) =>
    splice(bytes, place(random, bytes), 0, Buffer.from(pick(random, PIECES), 'latin1')),
  'number changed': (bytes, random) =>
    replaceMatch(bytes, random, /[KJM]/g, (at) => splice(bytes, at + 1, 1, [random.integer(256)])),
  'number grown': (bytes, random) =>
    replaceMatch(bytes, random, /K/g, (at) => {
      const number = Buffer.alloc(10, '\x8a\x08', 'latin1');
      number.writeBigUInt64LE(pick(random, NUMBERS), 2);
      return splice(bytes, at, 2, number);
    }),
  'memo changed': (bytes, random) =>
    replaceMatch(bytes, random, /[hq]/g, (at) => splice(bytes, at + 1, 1, [random.integer(256)])),
  'name changed': (bytes, random) =>
    replaceMatch(bytes, random, /c[a-z._]+\n[A-Za-z_0-9]+\n/g, (at, length) =>
      splice(bytes, at, length, Buffer.from(pick(random, PIECES.slice(0, 8)), 'latin1')),
    ),
};

function replaceMatch(bytes, random, pattern, replace) {
  const matches = [...bytes.toString('latin1').matchAll(pattern)];
  if (matches.length === 0) return bytes;
  const match = pick(random, matches);
  return replace(match.index, match[0].length);
}

/** A file with one or two of the mutations. */
export function mutate(bytes, random, mutations) {
  const names = Object.keys(mutations);
  const kinds = random.integer(4) === 0 ? [pick(random, names), pick(random, names)] : [pick(random, names)];
  const changed = kinds.reduce((file, kind) => mutations[kind](file, random), Buffer.from(bytes));
  return { kind: kinds.join(', '), bytes: changed };
}

/** A zip archive of stored entries, each of them as sound as can be. */
export function writeZip(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [name, data] of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data);
    directory.push(Buffer.from('PK\x01\x02\x00\x00'), fields, central, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + data.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
