import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataImagenetOptions } from 'dna-nas/plugins/data-imagenet';
import { describe, expect, it } from 'vitest';
import { copyOfImages, golden, labelsOf, namesOf, openImages, temporaryFolder } from './open-images.js';

/** The golden images in one folder, and a list of this name and text beside it. */
function listed(name: string, text: string): string {
  const path = temporaryFolder();
  renameSync(copyOfImages(), join(path, 'images'));
  writeFileSync(join(path, name), text);
  return path;
}

const CLASSES = golden.names.map((name) => name.split('/')[0]!);

const csv = (header: string, row: (name: string, label: string, index: number) => string) =>
  [header, ...golden.names.map((name, index) => row(name, CLASSES[index]!, index))].join('\n');

describe('a list', () => {
  it.each([
    ['labels.csv', csv('file_name,label', (name, label) => `images/${name},${label}`), {}],
    ['metadata.tsv', csv('Path\tClass', (name, label) => `images/${name}\t${label}`), {}],
    [
      'labels.jsonl',
      golden.names
        .map((name, index) =>
          JSON.stringify({ file: `images/${name}`, category: CLASSES[index], tags: ['x'], none: null }),
        )
        .join('\n'),
      {},
    ],
    [
      'labels.csv',
      csv('key,size,fruit', (name, label, index) => `${name.replace('.JPEG', '')},${index},"${label}"`),
      { list: { file: 'key', label: 'fruit', files: 'images/{}.JPEG' } },
    ],
  ] as const)('%s says files and classes', async (name, text, options) => {
    const folder = listed(name, text);
    const expected = await openImages({});
    for (const path of [folder, join(folder, name)]) {
      const dataset = await openImages({ path, ...(options as Partial<DataImagenetOptions>) });
      expect(dataset.description.classNames).toEqual(['apple', 'pear', 'plum']);
      expect(namesOf(dataset, 'train').sort()).toEqual(golden.names.map((each) => `images/${each}`).sort());
      const read = await dataset.read('train', [3]);
      const place = golden.names.indexOf(namesOf(dataset, 'train')[3]!.slice('images/'.length));
      expect(Buffer.from(read.images.buffer)).toEqual(
        Buffer.from((await expected.read('train', [place])).images.buffer),
      );
      expect(read.labels).toEqual(Int32Array.of((await labelsOf(expected, 'train'))[place]!));
    }
  });

  it('tells the parts, by a column or by its name', async () => {
    const parts = ['train', 'valid', 'test'];
    const path = listed(
      'photos.csv',
      csv('image,label,split', (name, label, index) => `images/${name},${label},${parts[index % 3]}`),
    );
    const dataset = await openImages({ path: join(path, 'photos.csv') });
    expect(dataset.description.size).toEqual({ train: 4, validation: 4, test: 4 });
    expect(namesOf(dataset, 'test')).toEqual(
      golden.names.filter((_, index) => index % 3 === 2).map((name) => `images/${name}`),
    );
    const folder = temporaryFolder();
    for (const [part, from, to] of [
      ['train', 0, 9],
      ['test', 9, 12],
    ] as const) {
      mkdirSync(join(folder, part));
      const rows = golden.names.slice(from, to).map((name, index) => {
        renameSync(join(copyOfImages(), name), join(folder, part, `${index}.JPEG`));
        return JSON.stringify({ file_name: `${index}.JPEG`, label: CLASSES[from + index]! });
      });
      writeFileSync(join(folder, part, 'metadata.jsonl'), rows.join('\n'));
    }
    expect((await openImages({ path: folder })).description.size).toMatchObject({ train: 9, test: 3 });
  });

  it('with numbers for classes has the labels that they say', async () => {
    const text = csv('file,label', (name, label) => `images/${name},${label.length === 5 ? 4 : 2}`);
    const dataset = await openImages({ path: listed('labels.csv', text) });
    expect(dataset.description.classes).toBe(5);
    expect(new Set(await labelsOf(dataset, 'train'))).toEqual(new Set([2, 4]));
  });

  const first = golden.names[0];

  it.each([
    ['', /labels\.csv is no list of images: it has no row/],
    ['file,label\n"a,b\n', /labels\.csv is no list of images: Quote Not Closed/],
    [`file,label\nimages/${first},\n`, /line 2 has no label/],
    [`file,label\nimages/${first},a\n./images/${first},b\n`, /stands in line 2 of labels\.csv and in line 3/],
    [`file,label,split\nimages/${first},a,holdout\n`, /line 2 has the split "holdout"; expected train, val/],
    ['file,label\na.jpg,x\nb.jpg,y\n', /None of the 2 files of the list is there, the first of them a\.jpg/],
  ])('like %j is refused', async (text, message) => {
    const path = join(listed('labels.csv', text), 'labels.csv');
    await expect(openImages({ path })).rejects.toMatchObject({
      code: 'DATA_LIST',
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [
      'name,label\nx,y\n',
      {},
      /no column that tells the file; it has name, label; expected file_name/,
      'list.file',
    ],
    ['file,kind\nx,y\n', {}, /no column that tells the label; it has file, kind/, 'data.list.label'],
    ['file,label\nx,y\n', { split: 'part' }, /has no column part; it has file, label/, 'data.list.split'],
  ] as const)('with the columns of %j is refused', async (text, list, message, hint) => {
    const path = join(listed('labels.csv', text), 'labels.csv');
    await expect(openImages({ path, list })).rejects.toMatchObject({
      code: 'DATA_LIST_COLUMN',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
    });
  });
});
