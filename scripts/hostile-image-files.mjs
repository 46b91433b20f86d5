// Image files that mean harm: small ones that become large, slow or something else than they are called.
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { hiddenScansJpeg, manyScansJpeg, plainJpeg, twoFacedJpeg } from './hostile-jpegs.mjs';

const BOMB = 13_370;

function chunk(type, data) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(typed.length + 8);
  bytes.writeUInt32BE(data.length);
  typed.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(typed), typed.length + 4);
  return bytes;
}

/** Passes of an interlaced PNG: first column and row, steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** A PNG of zeros, with one bit a pixel unless `depth` and `colour` say otherwise; `rows` of them are there. */
export function png({ width, height, depth = 1, colour = 0, interlaced = 0, rows = height, before = [] }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced], 8);
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  const bytesOf = (columns) => (columns === 0 ? 0 : 1 + Math.ceil((columns * depth * channels) / 8));
  const passes = interlaced ? ADAM7 : [[0, 0, 1, 1]];
  const bytes = passes.map(
    ([left, top, right, down]) =>
      bytesOf(Math.ceil((width - left) / right)) * Math.max(0, Math.ceil((rows - top) / down)),
  );
  const data = Buffer.alloc(bytes.reduce((sum, some) => sum + some));
  const parts = [
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', deflateSync(data, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

/** Text that is a thousand times as long as it is here. */
const textBomb = () =>
  chunk(
    'zTXt',
    Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(2 ** 23, 65), { level: 9 })]),
  );

function svg(depth) {
  const levels = Array.from({ length: depth }, (_, level) => {
    const uses = `<use href="#a${level}"/>`.repeat(10);
    return `<g id="a${level + 1}">${uses}</g>`;
  });
  const first = '<g id="a0"><circle r="9999" filter="url(#f)"/></g>';
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"><filter id="f"><feTurbulence numOctaves="20"/></filter><defs>${first}${levels.join('')}</defs><use href="#a${depth}"/></svg>`,
  );
}

/** Of one colour, without a bit for a pixel. */
function webp({ width, height }) {
  const bytes = Buffer.from(WEBP, 'base64');
  bytes.writeUInt32LE((width - 1) | ((height - 1) << 14) | (1 << 28), 21);
  return bytes;
}

const WEBP = 'UklGRh4AAABXRUJQVlA4TBEAAAAv/9jbFQdQsiJXpn+BiOh/AAA=';

const small = (format) =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .toFormat(format)
    .toBuffer();

const LARGEST = { width: 6400, height: 6200 };
const MIDDLE = { width: 1000, height: 1000 };
const square = (side) => ({ width: side, height: side });

/**
 * Groups of files, each `[name, bytes]`, by what makes them: some take seconds. Only `largest that are read` are within
 * the limits, and one of `scans`.
 */
export const HOSTILE_IMAGES = {
  'two headers': () => [
    ['32768×32768', twoFacedJpeg()],
    ['49152×65500', twoFacedJpeg({ hidden: { width: 49_152, height: 65_500 } })],
    ['16384×65500', twoFacedJpeg({ hidden: { width: 16_384, height: 65_500 } })],
    ['32768×32769', twoFacedJpeg({ hidden: { width: 32_768, height: 32_769 } })],
  ],
  bombs: () => [
    ['png', png(square(BOMB))],
    ['png without rows', png({ ...square(BOMB), rows: 0 })],
    ['webp', webp(square(BOMB))],
    ['jpeg', plainJpeg(square(BOMB))],
    ['largest jpeg', plainJpeg(square(8)).fill(0xff, 76, 80)],
    ['narrow png', png({ width: 1, height: 40_000_000 })],
    ['wide png', png({ width: 40_000_000, height: 1 })],
    ['progressive cmyk', manyScansJpeg({ ...LARGEST, components: 4, scans: 4, filled: true })],
    ['many bytes', Buffer.concat([plainJpeg(MIDDLE), Buffer.alloc(2 ** 25)])],
  ],
  'largest that are read': () => [
    ['jpeg', plainJpeg(LARGEST)],
    ['progressive', manyScansJpeg({ ...LARGEST, scans: 10, filled: true })],
    ['cmyk', plainJpeg({ ...LARGEST, components: 4 })],
    ['progressive cmyk', manyScansJpeg({ ...square(5700), components: 4, scans: 4, filled: true })],
    ['png', png(LARGEST)],
    ['interlaced png of 16 bits', png({ ...square(6000), depth: 16, colour: 6, interlaced: 1 })],
    ['webp', webp(LARGEST)],
    ['long row', plainJpeg({ width: 65_500, height: 600 })],
    ['long column', plainJpeg({ width: 600, height: 65_500 })],
    ...longTexts(),
  ],
  scans: () => [
    ['10,000', manyScansJpeg({ ...MIDDLE, scans: 10_000 })],
    ['2,000', manyScansJpeg({ ...LARGEST, scans: 2000 })],
    ['101', manyScansJpeg({ ...MIDDLE, scans: 101 })],
    ['hidden', hiddenScansJpeg({ ...LARGEST, scans: 2000 })],
    ['100', manyScansJpeg({ ...LARGEST, scans: 100, filled: true })],
  ],
  'other formats': otherFormats,
};

/** A PNG whose texts are far larger than its pixels. */
export const longTexts = () => [
  ['png with long texts', png({ ...square(64), before: new Array(200).fill(textBomb()) })],
];

async function otherFormats() {
  const formats = await Promise.all(['tiff', 'gif', 'avif'].map(async (name) => [name, await small(name)]));
  return [
    ...formats,
    ['svg', svg(3)],
    ['nested svg', svg(12)],
    ['svg with a declaration', Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), svg(6)])],
    ['text', Buffer.from('no image')],
    ['nothing', Buffer.alloc(0)],
    ['pdf', Buffer.from('%PDF-1.4\n')],
  ];
}

/** Small sound files of all formats that are read, to be spoilt. */
export async function soundImageFiles() {
  const noise = Buffer.from(Array.from({ length: 48 * 40 * 3 }, (_, at) => (at * at * 31) % 251));
  const image = () => sharp(noise, { raw: { width: 48, height: 40, channels: 3 } });
  return Promise.all([
    image().jpeg().toBuffer(),
    image().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    image().toColourspace('cmyk').jpeg().toBuffer(),
    image().grayscale().jpeg().toBuffer(),
    image().png().toBuffer(),
    image().png({ progressive: true, palette: true }).toBuffer(),
    image().webp().toBuffer(),
    image().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
  ]);
}
