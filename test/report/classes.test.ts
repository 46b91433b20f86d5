import type { ClassConfusion, ImageAnswer } from 'dna-nas/accuracy';
import { randomStream } from 'dna-nas/core';
import { type ReportData, reportPage } from 'dna-nas/plugins/report-html';
import { describe, expect, it } from 'vitest';
import { SUMMARY } from './fake-run.js';
import { type Element, parsePage, textOf, walk } from './parse-page.js';

const NAMES = ['cat', 'dog', 'a & b', 'none'];
const CONFUSED: readonly ClassConfusion[] = [
  [0, 1, 30],
  [1, 2, 4],
  [0, 2, 1],
];
const ANSWERS = {
  ...{ name: 'found', classes: NAMES, images: [100, 80, 20, 0], right: [69, 76, 20, 0], confused: CONFUSED },
};
const DATA: ReportData = { name: 'sample', summary: SUMMARY, limits: {} };

const sectionOf = (page: string, id: string) =>
  walk(parsePage(page)).find(
    ({ name, attributes }) => name === 'section' && attributes.get('aria-labelledby') === id,
  );
/** Cells of the tables of a section, row by row. */
const rowsOf = (section: Element) =>
  walk(section)
    .filter(({ name }) => name === 'tr')
    .map((row) => row.children.map((cell) => textOf(cell as Element)));

describe('classes', () => {
  const random = { ...ANSWERS, name: 'random', right: [50, 40, 10, 0] };

  it('are told one by one, the found network first, with what it takes them for', () => {
    const page = reportPage({ ...DATA, answers: [random, ANSWERS] });
    const rows = rowsOf(sectionOf(page, 'classes')!);
    expect(rows.slice(0, 4)).toEqual([
      ['Class', 'Test images', 'found', 'random', 'found takes it for'],
      ['cat', '100', '69.00 %', '50.00 %', 'dog (30)'],
      ['dog', '80', '95.00 %', '50.00 %', 'a &amp; b (4)'],
      ['a &amp; b', '20', '100.00 %', '50.00 %', '–'],
    ]);
    expect(page).toContain('Test accuracy, class by class.');
  });

  it('of which there are few have a table of all that is confused', () => {
    const section = sectionOf(reportPage({ ...DATA, answers: [ANSWERS] }), 'classes')!;
    expect(rowsOf(section).slice(4)).toEqual([
      ['', 'cat', 'dog', 'a &amp; b', 'none'],
      ['cat', '69', '30', '1', ''],
      ['dog', '', '76', '4', ''],
      ['a &amp; b', '', '', '20', ''],
      ['none', '', '', '', ''],
    ]);
    const shades = walk(section).flatMap(({ name, attributes }) =>
      name === 'td' && attributes.has('class') ? [attributes.get('class')] : [],
    );
    // Fifths of the row's images, begun ones counted.
    expect(shades).toEqual(['right-4', 'wrong-2', 'wrong-1', 'right-5', 'wrong-1', 'right-5']);
  });

  it('of which there are a thousand show the worst and the most confused', () => {
    const draw = randomStream('thousand');
    const classes = Array.from({ length: 1000 }, (_, label) => `class ${label}`);
    const pairs = new Map<string, ClassConfusion>();
    for (let times = 0; times < 5000; times++) {
      const [label, told] = [draw.integer(1000), draw.integer(1000)];
      if (label !== told) pairs.set(`${label}>${told}`, [label, told, 1 + draw.integer(9)]);
    }
    const confused = [...pairs.values()].sort((a, b) => b[2] - a[2]);
    const images = classes.map(() => 50);
    const right = classes.map((_, label) => (label % 20 === 7 ? 10 : 40));
    const page = reportPage({ ...DATA, answers: [{ name: 'found', classes, images, right, confused }] });
    const rows = rowsOf(sectionOf(page, 'classes')!);
    expect(rows).toHaveLength(1 + 50 + 1 + 20);
    expect(rows.slice(1, 51).map(([name]) => name)).toEqual(classes.filter((_, label) => label % 20 === 7));
    expect(rows.slice(52)).toEqual(
      confused
        .slice(0, 20)
        .map(([label, told, count]) => [
          classes[label],
          classes[told],
          `${count}`,
          `${(2 * count).toFixed(2)} %`,
        ]),
    );
    expect(page).toContain('950 classes that found is better at are left out.');
    expect(page.length).toBeLessThan(200_000);
  });

  it('without labels are the teacher’s answers', () => {
    const networks = [{ ...SUMMARY.networks[1]!, agreementWith: 'teacher' as const }];
    const answers = [{ ...ANSWERS, agreementWith: 'teacher' as const }];
    const page = reportPage({ ...DATA, summary: { ...SUMMARY, networks }, answers });
    expect(textOf(sectionOf(page, 'classes')!)).toContain('The teacher’s first answer stands for the class.');
  });
});

describe('test images', () => {
  const told = (index: number, change: Partial<ImageAnswer> = {}): ImageAnswer => ({
    ...{ index, label: 'cat', told: 'cat', labelProbability: 0.98765, probability: 0.98765, ...change },
  });
  const examples = [
    told(4, { told: '<dog>', labelProbability: 0.2, probability: 0.7, file: 'cat/4.png' }),
    told(9),
  ];

  it('are shown as they enter the network, with what it tells of them', () => {
    const pixels = Float32Array.from({ length: 2 * 4 * 4 * 3 }, (_, at) => at % 5);
    const page = reportPage({ ...DATA, examples: { name: 'found', examples, shape: [2, 4, 4, 3], pixels } });
    const section = sectionOf(page, 'examples')!;
    const figures = walk(section).filter(({ name }) => name === 'figure');
    const captions = figures.map((figure) =>
      walk(figure).flatMap(({ name, children }) =>
        ['strong', 'span', 'title'].includes(name) ? children.join('') : [],
      ),
    );
    expect(captions).toEqual([
      ['Image 4 of the test split, cat/4.png', '✗ &lt;dog&gt; 70\u00a0%', 'is cat, given 20\u00a0%'],
      ['Image 9 of the test split', '✓ cat 98.8\u00a0%', 'right'],
    ]);
    const pictures = walk(section).filter(({ name }) => name === 'image');
    expect(pictures).toHaveLength(2);
    for (const { attributes } of pictures)
      expect(attributes.get('href')).toMatch(/^data:image\/png;base64,[\w+/]+=*$/);
    expect(page).toContain('img-src data:');
  });

  it('of any size keep the page below two megabytes', () => {
    const draw = randomStream('noise');
    const side = 299;
    const pixels = Float32Array.from({ length: 12 * side * side * 3 }, () => draw.uniform());
    const all = Array.from({ length: 12 }, (_, index) => told(index));
    const shape = [12, side, side, 3];
    const page = reportPage({ ...DATA, examples: { name: 'found', examples: all, shape, pixels } });
    expect(page.length).toBeGreaterThan(100_000);
    expect(page.length).toBeLessThan(700_000);
  });
});
