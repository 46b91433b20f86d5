import type { ImageAnswer } from 'dna-nas/accuracy';
import type { FeatureShape } from 'dna-nas/core/contracts';
import { photo } from './features/map-image.js';
import { thumbnail } from './features/thumbnail.js';
import { type Markup, tag } from './markup.js';
import type { ReportData } from './run-data.js';

/** Most pixels of a picture's longer side: a dozen of them stay well below a megabyte. */
const LONGEST = 96;

/** Some test images as they enter the network, with what it tells of them. */
export function examplesSection({ examples }: ReportData): Markup | undefined {
  const [, height, width, channels] = examples?.shape ?? [];
  if (!examples || !height || !width || !channels) return undefined;
  const shape = { height, width, channels };
  const size = height * width * channels;
  const words =
    `Test images as they enter the ${examples.name} network, ${height}×${width} pixels, with the class that it tells and the ` +
    'probability that it gives this class. Half of them are images that it is wrong on, where there are as many: they do ' +
    'not show how often it is right. Each picture is stretched from its darkest value to its brightest.';
  const figures = examples.examples.map((told, place) =>
    exampleFigure(told, { place, shape, pixels: examples.pixels.subarray(place * size, (place + 1) * size) }),
  );
  return tag(
    'section',
    { 'aria-labelledby': 'examples' },
    tag('h2', { id: 'examples' }, 'Test images as the network sees them'),
    tag('p', {}, words),
    tag('div', { class: 'examples' }, figures),
  );
}

interface Pictured {
  readonly place: number;
  readonly shape: FeatureShape;
  readonly pixels: Float32Array;
}

function exampleFigure(told: ImageAnswer, { place, shape, pixels }: Pictured): Markup {
  const isRight = told.told === told.label;
  const id = `example-${place}`;
  const share = (probability: number) => `${Number((100 * probability).toPrecision(3))}\u00a0%`;
  const truth = `${told.label}${isRight ? '' : `, given ${share(told.labelProbability)}`}`;
  const title = `Image ${told.index} of the test split${told.file === undefined ? '' : `, ${told.file}`}`;
  const svg = { viewBox: '0 0 96 96', role: 'img', 'aria-labelledby': `${id}-title` };
  return tag(
    'figure',
    { class: isRight ? 'right' : 'wrong' },
    tag(
      'svg',
      svg,
      tag('title', { id: `${id}-title` }, title),
      photo(thumbnail(pixels, shape, LONGEST), { x: 0.5, y: 0.5, size: 95 }),
    ),
    tag(
      'figcaption',
      {},
      tag('strong', {}, `${isRight ? '✓' : '✗'} ${told.told} ${share(told.probability)}`),
      tag('span', { class: 'range' }, isRight ? 'right' : `is ${truth}`),
    ),
  );
}
