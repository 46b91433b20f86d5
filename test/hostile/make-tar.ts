const BLOCK = 512;

export interface MadeFile {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** @default '0' */
  readonly type?: string;
  /** What the header says, if not the data's size. */
  readonly size?: string | Uint8Array;
  /** Of other bytes in the header, at their places. */
  readonly bytes?: Readonly<Record<number, string>>;
  /** Added to the checksum. */
  readonly fault?: number;
}

/** A tar archive with whatever is to be wrong with it. */
export function makeTar(files: readonly MadeFile[], end: Uint8Array = new Uint8Array(2 * BLOCK)): Uint8Array {
  return new Uint8Array(Buffer.concat([...files.flatMap(makeFile), end]));
}

function makeFile({ name, data = '', type = '0', size, bytes = {}, fault = 0 }: MadeFile): Buffer[] {
  const content = Buffer.from(data as Uint8Array);
  const header = Buffer.alloc(BLOCK);
  header.write(name);
  header.write('0000644\0', 100, 'latin1');
  header.set(Buffer.from(size ?? `${content.length.toString(8).padStart(11, '0')}\0`), 124);
  header.write('        ', 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  for (const [at, text] of Object.entries(bytes)) header.write(text, Number(at), 'latin1');
  const sum = header.reduce((total, byte) => total + byte, fault);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** One record of a pax header. */
export function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest;
  while (rest + String(length).length !== length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}
