import { DamagedImage } from './errors.js';

/** Formats that can be named; SVG is a program and never among them. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Of photographs. */
export const USUAL_FORMATS: readonly ImageFormat[] = ['jpeg', 'png', 'webp'];

/** How files begin, as Latin-1. */
const BEGINNINGS: Readonly<Record<ImageFormat, RegExp>> = {
  jpeg: /^\xff\xd8/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes
  png: /^\x89PNG\r\n\x1a\n/,
  webp: /^RIFF.{4}WEBP/s,
  gif: /^GIF8[79]a/,
  tiff: /^(II\x2a\0|MM\0\x2a)/,
  avif: /^.{4}ftypavi[fs]/s,
};

/** The format of a file by its first bytes; undefined: none of those that can be named. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  const beginning = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return IMAGE_FORMATS.find((format) => BEGINNINGS[format].test(beginning));
}

/** The format, which must be one of `expected`. @throws DamagedImage */
export function requireFormat(bytes: Uint8Array, expected: readonly ImageFormat[]): ImageFormat {
  const format = formatOf(bytes);
  if (format !== undefined && expected.includes(format)) return format;
  const names = expected.map((name) => name.toUpperCase()).join(', ');
  if (format === undefined) throw new DamagedImage(`it does not begin as an image; expected ${names}`);
  throw new DamagedImage(`it is ${format.toUpperCase()}; data.formats names ${names}`);
}
