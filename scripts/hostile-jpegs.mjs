// JPEG files, piece by piece: headers that readers may understand in two ways, and scans that cost more than they hold.

const u16 = (value) => [(value >> 8) & 255, value & 255];

/** A marker with its length and what it holds. */
export function segment(code, content, length = content.length + 2) {
  return Buffer.from([0xff, code, ...u16(length), ...content]);
}

/** A frame header: `code` 0xc0 baseline, 0xc2 progressive. */
export function frame({ width, height, code = 0xc0, components = 3, sampling = 0x11 }) {
  const each = Array.from({ length: components }, (_, index) => [
    index + 1,
    index === 0 ? sampling : 0x11,
    0,
  ]);
  return segment(code, [8, ...u16(height), ...u16(width), components, ...each.flat()]);
}

/** A scan's header: baseline, or one band of a progressive image. */
export function scan({ components = [1, 2, 3], band = [0, 63], bits = 0 } = {}) {
  return segment(0xda, [components.length, ...components.flatMap((id) => [id, 0]), ...band, bits]);
}

export const START = Buffer.from([0xff, 0xd8]);
export const END = Buffer.from([0xff, 0xd9]);
export const QUANTISATION = segment(0xdb, [0, ...new Array(64).fill(1)]);

/** A code of one bit, 0, for one value: DC (`table` 0) or AC (16). */
export function codes(table, value) {
  return segment(0xc4, [table, 1, ...new Array(15).fill(0), value]);
}

const CODES = Buffer.concat([codes(0, 0), codes(16, 0)]);

/** The blocks of a grey or colour image without subsampling, all of them empty: two bits each. */
export function emptyBlocks({ width, height, components = 3 }) {
  const bits = 2 * components * Math.ceil(width / 8) * Math.ceil(height / 8);
  const data = Buffer.alloc(Math.ceil(bits / 8));
  if (bits % 8 > 0) data[data.length - 1] = 0xff >> (bits % 8);
  return data;
}

const idsOf = (components) => Array.from({ length: components }, (_, index) => index + 1);

/** Sound and of one colour: 1, 3 or 4 components. */
export function plainJpeg({ components = 3, ...size }) {
  const data = emptyBlocks({ ...size, components });
  const scans = [scan({ components: idsOf(components) }), data];
  return Buffer.concat([START, QUANTISATION, frame({ ...size, components }), CODES, ...scans, END]);
}

/** Sound and of one colour, whose brightness has `across` × `down` samples where a colour has one: each from 1 to 4. */
export function subsampledJpeg({ across, down, ...size }) {
  const units = Math.ceil(size.width / (8 * across)) * Math.ceil(size.height / (8 * down));
  const data = emptyBlocks({ width: 8 * units * (across * down + 2), height: 8, components: 1 });
  const header = frame({ ...size, sampling: (across << 4) | down });
  return Buffer.concat([START, QUANTISATION, header, CODES, scan(), data, END]);
}

/**
 * Two frame headers: one for libjpeg, for which TEM (ff01) stands alone, and one for readers that take what follows
 * it for a length. Width × height × 4 of the first is 0 in 32 bits.
 */
export function twoFacedJpeg({
  shown = { width: 64, height: 64 },
  hidden = { width: 32768, height: 32768 },
} = {}) {
  const begin = Buffer.from([0xff, 0xd8, 0xff, 0x01]);
  const application = segment(0xe0, [...Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')]);
  const file = Buffer.concat([begin, application, QUANTISATION, frame(hidden), CODES, scan()]);
  const reached = begin.length + 0xffe0;
  return Buffer.concat([file, Buffer.alloc(reached - file.length), frame(shown), Buffer.alloc(2000)]);
}

/**
 * Progressive, of many scans: each is a pass over the whole image, though it hold nothing. `filled`: the first, of
 * which `scans` are alike, hold all blocks.
 */
export function manyScansJpeg({ scans, components = 3, filled = false, ...size }) {
  const first = scan({ components: idsOf(components), band: [0, 0] });
  const data = filled ? emptyBlocks({ ...size, components: components / 2 }) : Buffer.alloc(0);
  const next = (index) => (filled ? first : scan({ components: [1 + (index % components)], band: [1, 63] }));
  const rest = Array.from({ length: scans - 1 }, (_, index) => Buffer.concat([next(index), data]));
  const begin = [START, QUANTISATION, frame({ ...size, components, code: 0xc2 }), CODES];
  return Buffer.concat([...begin, first, data, ...rest, END]);
}

/** The same behind an undefined marker, which a decoder passes over where a restart is due, and others skip. */
export function hiddenScansJpeg({ scans, ...size }) {
  const file = manyScansJpeg({ scans, ...size });
  const first = file.indexOf(Buffer.from([0xff, 0xda]));
  const end = first + 14;
  const restart = segment(0xdd, [0, 1]);
  const undefinedMarker = Buffer.from([0xff, 0x02, 0xe0, 0x00]);
  return Buffer.concat([
    file.subarray(0, first),
    restart,
    file.subarray(first, end),
    undefinedMarker,
    file.subarray(end),
  ]);
}

const SIDES = [1, 7, 8, 16, 33, 64, 100, 255, 256, 1000, 4096, 32768, 65500, 65535, 0];
const pick = (random, list) => list[random.integer(list.length)];

/** Pieces that stand before a scan, sound or not. */
const PIECES = [
  (random) => segment(0xe0 + random.integer(16), new Array(random.integer(40)).fill(random.integer(256))),
  () => QUANTISATION,
  () => CODES,
  (random) => randomFrame(random),
  (random) => Buffer.from([0xff, pick(random, [0x01, 0x01, 0xd0, 0xd3, 0xd7])]),
  (random) => Buffer.alloc(1 + random.integer(5), 0xff),
  (random) => Buffer.from(Array.from({ length: 1 + random.integer(6) }, () => random.integer(255))),
  (random) => segment(pick(random, [0xe1, 0xfe, 0xdb, 0xc4, 0xdc, 0xdd, 0xc0]), [], random.integer(3)),
  (random) => segment(0xdc, u16(pick(random, SIDES))),
  () => Buffer.from([0xff, 0]),
  (random) => segment(pick(random, [0xe2, 0xfe]), [], 2 + random.integer(60)),
  (random) => Buffer.concat([Buffer.from([0xff, 0x01, 0x00, 8 + random.integer(40)]), randomFrame(random)]),
  (random) => Buffer.from([0xff, pick(random, [0xd8, 0xd9, 0x02, 0xbf, 0xc8, 0xf0, 0xde])]),
];
/** The last of them end most headers: they are rare. */
const RARE = 40;

function randomFrame(random) {
  const [width, height] = [pick(random, SIDES), pick(random, SIDES)];
  const code = pick(random, [0xc0, 0xc0, 0xc1, 0xc2, 0xc9, 0xc3, 0xc5, 0xcb]);
  const components = pick(random, [1, 3, 3, 3, 4, 2]);
  return frame({ width, height, code, components, sampling: pick(random, [0x11, 0x22, 0x41, 0x05]) });
}

/** A file with a header made of such pieces, and a sound frame in most of them. */
export function randomJpeg(random) {
  const piece = () =>
    PIECES[random.integer(random.integer(RARE) === 0 ? PIECES.length : PIECES.length - 1)](random);
  const some = () => Array.from({ length: random.integer(4) }, piece);
  const size = { width: 1 + random.integer(80), height: 1 + random.integer(80) };
  const sound =
    random.integer(5) > 0 ? [QUANTISATION, frame({ ...size, code: pick(random, [0xc0, 0xc1]) }), CODES] : [];
  return Buffer.concat([START, ...some(), ...sound, ...some(), scan(), emptyBlocks(size), END]);
}
