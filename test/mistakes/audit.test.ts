import { mistakes } from './check.js';

const ROWS = Array.from(
  { length: 12 },
  (_, i) => `n${i},${(i * 7) % 12},${70 + i},${1e6 + i},${(i * 5) % 12}`,
);
const HEADER = 'architecture,rating,accuracy,macs,params';

/** A table with some of its lines, header first, changed by their number. */
function table(changes: Readonly<Record<number, string>> = {}, more: readonly string[] = []) {
  const lines = ['# by hand', HEADER, ...ROWS].map((line, index) => changes[index + 1] ?? line);
  return { 'scores.csv': `${[...lines, ...more].join('\n')}\n` };
}

const AUDIT = ['audit', 'scores.csv'];

/** Tables that `dna audit` is given. */
mistakes([
  { name: 'no table', files: table(), words: ['audit'], code: 2 },
  { name: 'a table that is not there', files: table(), words: ['audit', 'score.csv'], code: 2 },
  {
    name: 'a limit on a cost that is not there',
    files: table(),
    words: [...AUDIT, '--max', 'flops=3M'],
    code: 2,
  },
  { name: 'an empty table', files: { 'scores.csv': '# nothing\n' }, words: AUDIT, code: 2 },
  { name: 'a table without rows', files: { 'scores.csv': `${HEADER}\n` }, words: AUDIT, code: 2 },
  { name: 'a quote that does not end', files: table({ 5: '"n2,1,72,3,4' }), words: AUDIT, code: 2 },
  {
    name: 'a misspelt column',
    files: table({ 2: HEADER.replace('rating', 'raitng') }),
    words: AUDIT,
    code: 2,
  },
  { name: 'no parameters', files: table({ 2: HEADER.replace('params', 'size') }), words: AUDIT, code: 2 },
  { name: 'no accuracy', files: table({ 2: HEADER.replace('accuracy', 'top1') }), words: AUDIT, code: 2 },
  {
    name: 'a column without numbers',
    files: { 'scores.csv': [HEADER, ...ROWS.map((row) => row.replace(/\d+$/, ''))].join('\n') },
    words: AUDIT,
    code: 2,
  },
  { name: 'a column twice', files: table({ 2: HEADER.replace('params', 'macs') }), words: AUDIT, code: 2 },
  { name: 'a row that is too short', files: table({ 4: 'n1,7,71,1000001' }), words: AUDIT, code: 2 },
  { name: 'a rating that is no number', files: table({ 4: 'n1,good,71,1000001,5' }), words: AUDIT, code: 2 },
  { name: 'a cell that is empty', files: table({ 4: 'n1,7,,1000001,5' }), words: AUDIT, code: 2 },
  { name: 'an infinite rating', files: table({ 4: 'n1,1e999,71,1000001,5' }), words: AUDIT, code: 2 },
  { name: 'multiply-adds below zero', files: table({ 4: 'n1,7,71,-3,5' }), words: AUDIT, code: 2 },
  { name: 'an accuracy above 100 %', files: table({ 4: 'n1,7,171,1000001,5' }), words: AUDIT, code: 2 },
  { name: 'an accuracy below zero', files: table({ 4: 'n1,7,-71,1000001,5' }), words: AUDIT, code: 2 },
  {
    name: 'an accuracy in another unit than its seeds',
    files: {
      'scores.csv': `rating,accuracy,accuracy_1,accuracy_2,macs,params\n${ROWS.map((_, i) => `${i},0.${70 + i},${70 + i},${71 + i},1,1`).join('\n')}`,
    },
    words: AUDIT,
    code: 2,
  },
  {
    name: 'blocks that do not add up to the rating',
    files: table({
      2: `${HEADER},rating_1,rating_2`,
      ...Object.fromEntries(ROWS.map((row, i) => [3 + i, `${row},1,${((i * 7) % 12) - (i === 4 ? 2 : 1)}`])),
    }),
    words: AUDIT,
    code: 2,
  },
  { name: 'weights of blocks that are not there', files: table(), words: [...AUDIT, '--fit', '5'], code: 2 },
  { name: 'weights by no number', files: table(), words: [...AUDIT, '--fit', '5,few'], code: 2 },
  {
    name: 'weights by more networks than there are',
    files: table({
      2: `${HEADER},rating_1`,
      ...Object.fromEntries(ROWS.map((row, i) => [3 + i, `${row},${(i * 7) % 12}`])),
    }),
    words: [...AUDIT, '--fit', '10'],
    code: 2,
  },
  { name: 'too few resamples', files: table(), words: [...AUDIT, '--resamples', '5'], code: 2 },
  {
    name: 'one rating for all',
    files: { 'scores.csv': `${[HEADER, ...ROWS.map((row) => row.replace(/,\d+/, ',3'))].join('\n')}` },
    words: AUDIT,
    code: 2,
  },
  {
    name: 'nine networks',
    files: { 'scores.csv': [HEADER, ...ROWS.slice(3)].join('\n') },
    words: AUDIT,
    code: 2,
  },
  { name: 'two accuracies of one network', files: table({}, ['n3,9,79,1000003,3']), words: AUDIT, code: 2 },
  { name: 'a seed that is no number', files: table(), words: [...AUDIT, '--seed', 'x'], code: 2 },
]);
