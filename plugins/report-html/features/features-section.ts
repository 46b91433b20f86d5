import { standingOf } from '../candidates.js';
import { type Markup, tag } from '../markup.js';
import { count, rating } from '../numbers.js';
import type { ReportData } from '../run-data.js';
import { imagePicture } from './image-picture.js';
import type { FeatureMapsFile } from './maps-file.js';
import { scalePicture } from './scale-picture.js';

/** The found architecture's feature maps beside the teacher's. */
export function featuresSection(data: ReportData): Markup | undefined {
  const { features } = data;
  if (!features) return undefined;
  const { images, split } = features;
  return tag(
    'section',
    { 'aria-labelledby': 'features' },
    tag('h2', { id: 'features' }, 'How the student imitates the teacher'),
    tag(
      'p',
      {},
      `Outputs of each block for ${count(images.length)} ${images.length === 1 ? 'image' : 'images'} of the ${split} split: the teacher’s, and those of the found architecture’s path in the trained supernet. The error is the mean distance over the teacher’s standard deviation; 0 is a perfect copy.`,
    ),
    errorTable(data, features),
    scalePicture(),
    images.map((_, image) => imagePicture(features, image)),
  );
}

function errorTable(data: ReportData, { blocks }: FeatureMapsFile): Markup {
  const headings = ['Block', 'Feature map', 'Cell', 'Error here', 'Rating'];
  const head = tag(
    'tr',
    {},
    headings.map((heading) => tag('th', { scope: 'col' }, heading)),
  );
  const rows = blocks.map(({ block, choice, shape, error }) => {
    const standing = data.ratings && standingOf(data.ratings, block, choice);
    return tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, `Block ${block + 1}`),
      tag('td', {}, `${shape.height}×${shape.width}×${shape.channels}`),
      tag('td', {}, count(choice.cell + 1)),
      tag('td', {}, rating(error)),
      tag('td', {}, standing ? rating(standing.rating) : '–'),
    );
  });
  return tag('div', { class: 'scroll' }, tag('table', {}, tag('thead', {}, head), tag('tbody', {}, rows)));
}
