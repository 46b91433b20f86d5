import { crc32, deflateRawSync } from 'node:zlib';

export interface MadeEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  /** Fields of the directory that are to say something else. */
  readonly central?: Readonly<Partial<Record<keyof typeof CENTRAL_FIELDS, number>>>;
  /** Fields of the entry's own header. */
  readonly local?: Readonly<Partial<Record<keyof typeof LOCAL_FIELDS, number>>>;
  /** In the directory alone. */
  readonly extra?: Uint8Array;
}

/** Where each field stands, and its bytes. */
const CENTRAL_FIELDS = {
  flags: [8, 2],
  method: [10, 2],
  crc: [16, 4],
  compressed: [20, 4],
  size: [24, 4],
  disk: [34, 2],
  attributes: [38, 4],
  offset: [42, 4],
} as const;
const LOCAL_FIELDS = {
  magic: [0, 4],
  flags: [6, 2],
  method: [8, 2],
  crc: [14, 4],
  compressed: [18, 4],
  size: [22, 4],
  nameLength: [26, 2],
} as const;
const END_FIELDS = { disk: [4, 2], onDisk: [8, 2], count: [10, 2], bytes: [12, 4], offset: [16, 4] } as const;

type Fields = Readonly<Record<string, readonly [at: number, bytes: number]>>;

function setFields(
  target: Buffer,
  fields: Fields,
  values: Readonly<Record<string, number | undefined>>,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) target.writeUIntLE(value, fields[name]![0], fields[name]![1]);
  }
}

/** A zip archive with whatever is to be wrong with it. */
export function makeZip(
  entries: readonly MadeEntry[],
  end: Readonly<Partial<Record<keyof typeof END_FIELDS, number>>> = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.deflated ? deflateRawSync(entry.data) : Buffer.from(entry.data);
    const name = Buffer.from(entry.name);
    const common = {
      flags: 0x800,
      method: entry.deflated ? 8 : 0,
      crc: crc32(entry.data),
      compressed: data.length,
      size: entry.data.length,
    };
    const header = Buffer.alloc(30);
    setFields(header, LOCAL_FIELDS, {
      magic: 0x04034b50,
      ...common,
      nameLength: name.length,
      ...entry.local,
    });
    const extra = Buffer.from(entry.extra ?? []);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt16LE(extra.length, 30);
    setFields(record, CENTRAL_FIELDS, { ...common, offset, ...entry.central });
    directory.push(record, name, extra);
    parts.push(header, name, data);
    offset += 30 + name.length + data.length;
  }
  const bytes = directory.reduce((sum, part) => sum + part.length, 0);
  const last = Buffer.alloc(22);
  last.writeUInt32LE(0x06054b50);
  setFields(last, END_FIELDS, { onDisk: entries.length, count: entries.length, bytes, offset, ...end });
  return new Uint8Array(Buffer.concat([...parts, ...directory, last]));
}
