import { type Markup, tag } from '../markup.js';
import { count, rating } from '../numbers.js';
import { label, line, picture } from '../picture.js';
import { mapImage, photo } from './map-image.js';
import type { FeatureMapsFile, StoredMaps } from './maps-file.js';
import { AROUND_PALETTE, RISING_PALETTE } from './palettes.js';

const WIDTH = 920;
const LABELS = 132;
const MAP = 78;
const GAP = 4;
/** Teacher, student and difference side by side. */
const TRIO = 3 * MAP + 2 * GAP;
const STEP = TRIO + 21;
const HEAD = 134;
const ROW = { height: 118, caption: 18, maps: 26 };
const COLUMNS = ['teacher', 'student', 'difference'];

type Block = FeatureMapsFile['blocks'][number];

/** All blocks for one image: a row a block. */
export function imagePicture({ images, blocks, split }: FeatureMapsFile, index: number): Markup {
  const image = images[index]!;
  const title = image.name ?? `Image ${count(image.index)} of the ${split} split`;
  const about = image.label === undefined ? 'no label' : `class ${image.className ?? image.label}`;
  const description = blocks
    .map((block) => `Block ${block.block + 1}: relative error ${rating(block.images[index]!.error)}.`)
    .join(' ');
  const size = { width: WIDTH, height: HEAD + blocks.length * ROW.height };
  return picture(
    { id: `features-${index}`, ...size, title: `Feature maps, ${title}, ${about}`, description },
    line(0, 6, WIDTH, 6, 'rule'),
    photo(image.picture, { x: 0, y: 20, size: 92 }),
    label({ x: 108, y: 42 }, title, { kind: 'strong' }),
    label({ x: 108, y: 62 }, about),
    (blocks[0]?.images[index]?.maps ?? []).map((_, place) => columnHeads(LABELS + place * STEP)),
    blocks.map((block, row) => blockRow(block, index, HEAD + row * ROW.height)),
  );
}

/** Above the first row: which of the three is which. */
function columnHeads(left: number): Markup[] {
  return COLUMNS.map((name, place) => {
    const x = left + place * (MAP + GAP) + MAP / 2;
    return label({ x, y: HEAD - 2 }, name, { anchor: 'middle', kind: 'value' });
  });
}

function blockRow(block: Block, index: number, top: number): Markup {
  const { error, maps } = block.images[index]!;
  const { height, width, channels } = block.shape;
  const middle = ROW.maps + MAP / 2;
  return tag(
    'g',
    { transform: `translate(0 ${top})` },
    label({ x: 0, y: middle - 14 }, `Block ${block.block + 1}`, { kind: 'strong' }),
    label({ x: 0, y: middle + 5 }, `${height}×${width}×${channels}`),
    label({ x: 0, y: middle + 24 }, `error ${rating(error)}`, { kind: 'value' }),
    maps.map((trio, place) => mapTrio(trio, block, LABELS + place * STEP)),
  );
}

function mapTrio(trio: StoredMaps, { shape }: Block, left: number): Markup {
  const name = trio.channel === null ? 'mean of all channels' : `channel ${trio.channel + 1}`;
  const drawn = [
    [trio.teacher, RISING_PALETTE],
    [trio.student, RISING_PALETTE],
    [trio.difference, AROUND_PALETTE],
  ] as const;
  return tag(
    'g',
    {},
    tag(
      'title',
      {},
      `${name}: ${COLUMNS.join(', ')}; ${trio.low.toPrecision(3)} to ${trio.high.toPrecision(3)}`,
    ),
    label({ x: left, y: ROW.caption }, name, { kind: 'tick' }),
    drawn.map(([data, palette], place) =>
      mapImage(data, shape, { box: { x: left + place * (MAP + GAP), y: ROW.maps, size: MAP }, palette }),
    ),
  );
}
