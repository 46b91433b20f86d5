import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReportData, readRunData, reportHtml, reportPage } from 'dna-nas/plugins/report-html';
import { describe, expect, it } from 'vitest';
import { applied, SUMMARY, temporaryFolder } from './fake-run.js';
import { type Element, parsePage, textOf, walk } from './parse-page.js';
import { sampleRun, writeSampleRun } from './sample-run.js';

const folder = temporaryFolder();
const summary = writeSampleRun(folder);
const data = { ...readRunData(folder, summary), name: 'sample' };
const page = reportPage(data);

const elements = walk(parsePage(page));
const byClass = (name: string, within = elements) =>
  within.filter((element) => element.attributes.get('class')?.split(' ').includes(name));
const svg = (title: string) =>
  elements.find((element) => element.name === 'svg' && textOf(element.children[0] as Element) === title)!;

describe('the page', () => {
  it('needs nothing from outside and runs nothing', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<script|<link|<iframe|<img|javascript:/i);
    for (const { attributes } of elements) {
      for (const name of attributes.keys()) expect(name).not.toMatch(/^(src|href|xlink:href|on.*|action)$/i);
    }
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page.match(/<style>/g)).toHaveLength(1);
  });

  it('has a title, a language, headings and a text for every picture', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(elements.filter(({ name }) => name === 'h1').map(textOf)).toEqual(['sample']);
    expect(elements.filter(({ name }) => name === 'h2').map(textOf)).toEqual([
      'Networks',
      'The found architecture',
      'Ratings of all candidates',
      'Ratings by operation',
      'Rating against cost',
      'Time',
      'Configuration',
    ]);
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const pictures = elements.filter(({ name }) => name === 'svg');
    expect(pictures).toHaveLength(15);
    for (const picture of pictures) {
      expect(picture.attributes.get('role')).toBe('img');
      const named = picture.attributes.get('aria-labelledby')!.split(' ');
      const texts = named.map((id) => textOf(elements.find((e) => e.attributes.get('id') === id)!));
      expect(texts.every((words) => words.length > 0)).toBe(true);
    }
  });

  it('says the same for the same run, in both colour schemes', () => {
    expect(reportPage(data)).toBe(page);
    expect(page).toContain('@media (prefers-color-scheme: dark)');
    const defined = new Set([...page.matchAll(/(--[a-z0-9-]+):/g)].map((match) => match[1]));
    for (const [, used] of page.matchAll(/var\((--[a-z0-9-]+)\)/g)) expect(defined).toContain(used);
  });

  it('cannot be broken by what a run is called or says', () => {
    const evil = `</title><script>alert("1")</script> & <b>`;
    const parts = sampleRun();
    const best = { ...parts.search.best, text: evil };
    const changed: ReportData = {
      ...data,
      name: evil,
      summary: {
        ...summary,
        architecture: evil,
        backend: evil,
        networks: [{ ...SUMMARY.networks[1]!, name: evil }],
      },
      search: { ...parts.search, best, top: [best], front: [best] },
      blocks: data.blocks!.map((block) => ({
        ...block,
        cells: block.cells.map((cell) => ({
          ...cell,
          layers: cell.layers.map((layer) => layer.map(() => evil)),
        })),
      })),
    };
    const written = reportPage(changed);
    expect(() => parsePage(written)).not.toThrow();
    expect(written).not.toContain('<script');
    expect(written).toContain('&lt;script&gt;alert(&quot;1&quot;)');
  });
});

describe('the sections', () => {
  it('draw how losses fell, the found cell above the others', () => {
    const found = data.search!.best.architecture[1]!.cell;
    const cell = (number: number, losses: number[]) => ({
      ...{
        block: 1,
        cell: number,
        steps: 4 * losses.length,
        curve: losses.map((loss, at) => ({ step: 4 * at, loss })),
      },
    });
    const drawn = reportPage({
      ...data,
      losses: [cell(found, [16, 4, 1]), cell(1 - found, [64, 16, 4, 1])],
    });
    expect(() => parsePage(drawn)).not.toThrow();
    const paths = [...drawn.matchAll(/<path d="M([^"]*)" class="curve-(found|other)"><title>([^<]*)/g)];
    expect(paths.map(([, , kind]) => kind)).toEqual(['other', 'found']);
    expect(paths[1]![3]).toMatch(
      new RegExp(`^cell ${found + 1} \\(\\d × \\d+\\): 16.00 at first, 1.000 at last$`),
    );
    const [other, own] = paths.map(([, points]) =>
      points!.split('L').map((point) => point.split(' ').map(Number)),
    );
    // Quarters are equal steps on a logarithmic scale, four training steps equal ones on the other.
    const between = (line: number[][], axis: number) =>
      line.slice(1).map((point, at) => Math.abs(point[axis]! - line[at]![axis]!));
    for (const distance of between(other!, 1)) expect(distance).toBeCloseTo((138 - 34) / 3, 1);
    for (const distance of between(other!, 0)) expect(distance).toBeCloseTo((292 - 44) / 3, 1);
    expect(own!.at(-1)![1]).toBe(138);
    expect(drawn).toContain('>Distillation of the cells</h2>');
    expect(reportPage({ ...data, losses: [cell(0, [1])] })).not.toContain('Distillation of the cells');
  });

  it('list the networks', () => {
    const rows = elements
      .filter(({ name }) => name === 'tr')
      .map((row) => row.children.map((c) => textOf(c as Element)));
    expect(rows[0]).toEqual(['Network', 'Parameters', 'Multiply-adds', 'Test accuracy', 'Rating']);
    expect(rows[1]).toEqual(['teacher', '1,204,106', '21,300,000', '92.13 %', '–']);
    expect(rows[2]).toEqual([
      'found',
      '96,202',
      '1,612,000',
      '89.51 %',
      data.search!.best.rating.toPrecision(4),
    ]);
    expect(rows[3]).toEqual([
      'random',
      '97,310',
      '1,600,400',
      '87.90 %',
      data.search!.random.rating.toPrecision(4),
    ]);
    expect(page).toContain('and a test accuracy of 89.51 %.</p>');
    expect(page).not.toContain('points');
  });

  it('draw one box a layer, with kernel, expansion and rank', () => {
    const drawing = svg('Layers of each block');
    const layers = data.search!.best.architecture.flatMap(({ path }) => path);
    const boxes = walk(drawing).filter(({ name }) => name === 'rect');
    expect(boxes).toHaveLength(layers.length);
    const heights = boxes.map(({ attributes }) => Number(attributes.get('height')));
    // Operations 1, 3 and 5 expand by 6, the others by 3.
    layers.forEach((operation, i) => {
      expect(heights[i]).toBe(operation % 2 === 1 ? Math.max(...heights) : Math.min(...heights));
      expect(boxes[i]!.attributes.get('class')).toBe(`k${1 + Math.floor(operation / 2)}`);
    });
    data.search!.best.architecture.forEach(({ cell, path }, block) => {
      const record = data.ratings!.find((one) => one.block === block && one.cell === cell)!;
      const own = record.values[Number.parseInt(path.join(''), 6)]!;
      const all = data.ratings!.filter((one) => one.block === block).flatMap((one) => one.values);
      const rank = all.filter((value) => value < own).length + 1;
      expect(textOf(drawing)).toContain(`rating ${own.toPrecision(4)}`);
      expect(textOf(drawing)).toMatch(
        rank === 1
          ? /best of/
          : new RegExp(
              `${rank.toLocaleString('en-US')}(st|nd|rd|th) of ${all.length.toLocaleString('en-US')}`,
            ),
      );
    });
  });

  it('count every candidate once', () => {
    data.search!.best.architecture.forEach((_, block) => {
      const counted = byClass('bar', walk(svg(`Ratings of block ${block + 1}`)))
        .map((bar) => Number(textOf(bar).replace(/\D/g, '')))
        .reduce((sum, number) => sum + number, 0);
      const all = data.ratings!.filter((one) => one.block === block).flatMap((one) => one.values);
      expect(counted).toBe(all.length);
    });
  });

  it('draw how ratings are spread by operation', () => {
    const picture = svg('Ratings by operation of block 2');
    const spread = new Map<string, number[]>();
    for (const { block, cell, choices, values } of data.ratings!) {
      if (block !== 1) continue;
      const { layers } = data.blocks![1]!.cells[cell]!;
      values.forEach((value, number) => {
        const digits = number.toString(6).padStart(choices.length, '0');
        [...digits].forEach((digit, layer) => {
          const name = layers[layer]![Number(digit)]!;
          spread.set(name, [...(spread.get(name) ?? []), value]);
        });
      });
    }
    const drawn = walk(picture).filter(({ name }) => name === 'g');
    expect(drawn).toHaveLength(6);
    for (const one of drawn) {
      const [title] = one.children as Element[];
      const [, name, median, all] = /^(\S+): median ([\d.]+), half of ([\d,]+) from/.exec(textOf(title!))!;
      const values = spread.get(name!)!.sort((a, b) => a - b);
      expect(Number(all!.replace(',', ''))).toBe(values.length);
      expect(median).toBe(values[Math.round((values.length - 1) / 2)]!.toPrecision(4));
    }
  });

  it('draw the front with the found network on it, the limit, and the random network off it', () => {
    const drawing = walk(svg('Rating against multiply-adds'));
    const points = byClass('point', drawing);
    expect(points).toHaveLength(data.search!.front.length);
    const place = (element: Element) => ['cx', 'cy'].map((name) => Number(element.attributes.get(name)));
    const found = place(byClass('mark-found', drawing)[0]!);
    expect(points.map(place)).toContainEqual(found);
    const random = place(byClass('mark-random', drawing)[0]!);
    expect(random[1]).toBeLessThan(found[1]!);
    const limit = Number(byClass('limit', drawing)[0]!.attributes.get('x1'));
    for (const [x] of points.map(place)) expect(x).toBeLessThanOrEqual(limit);
  });

  it('draw the time in proportion, with the short stages together', () => {
    const stages = { data: 0.3, teacher: 0.2, distill: 80, retrain: 160, report: 0.1 };
    const html = reportPage({ ...data, summary: { ...summary, stages } });
    const drawing = html.slice(html.indexOf('>Time of each stage<'));
    const widths = [...drawing.matchAll(/width="([\d.]+)" height="18"/g)].map((match) => Number(match[1]));
    expect(widths).toHaveLength(3);
    expect(widths[0]! / widths[1]!).toBeCloseTo(0.5, 3);
    expect(drawing).toContain('>3 others<');
    expect(drawing).toContain('>1 min 20 s · 33 %<');
  });

  it('tell what threads spent their time on, where that was booked', () => {
    const spent = { teacher: 20, data: 83.4, threads: 0, checkpoints: 2 };
    const ledger = [
      { ...spent, stage: 'distill' as const, device: 'device 0', seconds: 205.4, compute: 100 },
    ];
    const html = reportPage({ ...data, summary: { ...summary, ledger } });
    const table = html.slice(html.indexOf('id="ledger"'));
    const cells = [...table.matchAll(/<t[hd](?: [^>]*)?>([^<]*)</g)].map((match) => match[1]);
    expect(cells.slice(0, 16)).toEqual([
      ...['Stage', 'Where', 'Threads', 'Computing', 'Teacher', 'Data', 'Other threads', 'Checkpoints'],
      ...['distillation', 'device 0', '3 min 25 s', '1 min 40 s', '20 s', '1 min 23 s', '–', '2 s'],
    ]);
    expect(page).not.toContain('id="ledger"');
  });

  it('are left out where the run folder lacks their file', () => {
    const bare = temporaryFolder();
    const headings = (html: string) => [...html.matchAll(/<h2[^>]*>([^<]*)/g)].map((match) => match[1]);
    expect(headings(reportPage(readRunData(bare, SUMMARY)))).toEqual([
      'Networks',
      'The found architecture',
      'Time',
    ]);
    writeSampleRun(bare);
    rmSync(join(bare, 'ratings.json'));
    expect(headings(reportPage(readRunData(bare, SUMMARY)))).toHaveLength(5);
    writeFileSync(join(bare, 'search.json'), '{"best":');
    expect(() => readRunData(bare, SUMMARY)).toThrow(SyntaxError);
  });

  it('draw operations of any name, and ratings that span decades', () => {
    const wide = data.ratings!.map((record) => ({
      ...record,
      values: record.values.map((value) => value ** 4),
    }));
    const blocks = data.blocks!.map((block) => ({
      ...block,
      cells: block.cells.map((cell) => ({
        ...cell,
        layers: cell.layers.map((layer) => layer.map(() => 'identity')),
      })),
    }));
    const html = reportPage({ ...data, ratings: wide, blocks, limits: {} });
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain('>identity</text>');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });
});

it('is written into the run folder when the run ends', async () => {
  const { hooks } = applied(reportHtml());
  await hooks.runFinished.promise({ summary, folder });
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('Rating against cost');
});
