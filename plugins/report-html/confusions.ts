import type { ClassConfusion } from 'dna-nas/accuracy';
import type { NetworkClasses } from './class-results.js';
import { type Markup, tag } from './markup.js';
import { count, percent } from './numbers.js';

/** Of more classes pairs are listed: a table of all would be mostly empty, and too large to look at. */
const MOST_OF_MATRIX = 20;
const MOST_PAIRS = 20;
/** Shades of a cell. */
const SHADES = 5;

/** Which classes a network takes for which: all of few classes, of many the pairs with most images. */
export function confusions(network: NetworkClasses): Markup[] | undefined {
  const { name, classes, confused = [] } = network;
  if (confused.length === 0) return undefined;
  const isMatrix = classes.length <= MOST_OF_MATRIX;
  const words = isMatrix
    ? `Test images by their class (row) and the class that ${name} tells (column); the stronger the colour, the more of the row’s images.`
    : `The ${Math.min(MOST_PAIRS, confused.length)} pairs of classes that ${name} confuses most.`;
  return [
    tag('h3', {}, 'Confusions'),
    tag('p', { class: 'note' }, words),
    tag('div', { class: 'scroll' }, isMatrix ? matrix(network) : pairs(network)),
  ];
}

function matrix({ classes, confused = [] }: NetworkClasses): Markup {
  const counts = new Map(confused.map(([label, told, images]) => [`${label}>${told}`, images]));
  const heads = classes.map(({ name }) =>
    tag('th', { scope: 'col', class: 'turned', title: name }, tag('span', {}, name)),
  );
  const rows = classes.map(({ name, images, right }, label) => {
    const cells = classes.map((_, told) => {
      const number = told === label ? right : (counts.get(`${label}>${told}`) ?? 0);
      const shade = images > 0 ? Math.ceil((SHADES * number) / images) : 0;
      const kind = `${told === label ? 'right' : 'wrong'}-${shade}`;
      return tag('td', { class: shade > 0 ? kind : undefined }, number > 0 && count(number));
    });
    return tag('tr', {}, tag('th', { scope: 'row', title: name }, tag('span', {}, name)), cells);
  });
  return tag(
    'table',
    { class: 'matrix' },
    tag('thead', {}, tag('tr', {}, tag('td', {}), heads)),
    tag('tbody', {}, rows),
  );
}

function pairs({ classes, confused = [] }: NetworkClasses): Markup {
  const heads = ['Class', 'Told', 'Images', 'Of the class'].map((name) => tag('th', { scope: 'col' }, name));
  const row = ([label, told, images]: ClassConfusion) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, classes[label]!.name),
      tag('td', {}, classes[told]!.name),
      tag('td', {}, count(images)),
      tag('td', {}, percent(images / classes[label]!.images)),
    );
  return tag(
    'table',
    { class: 'names' },
    tag('thead', {}, tag('tr', {}, heads)),
    tag('tbody', {}, confused.slice(0, MOST_PAIRS).map(row)),
  );
}
