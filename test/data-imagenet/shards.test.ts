import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from 'dna-nas/core/contracts';
import { describe, expect, it } from 'vitest';
import { type MadeFile, makeTar } from '../hostile/make-tar.js';
import { golden, madeRun, openImages, temporaryFolder, upTo } from './open-images.js';

/** `apple/colour.JPEG` → `apple_colour.jpg`, with whatever else belongs to the sample. */
function sample(name: string, label?: { extension: string; text: string }): MadeFile[] {
  const key = name.replace('/', '_').replace('.JPEG', '');
  const image = { name: `${key}.jpg`, data: readFileSync(join(golden.images, name)) };
  return label ? [image, { name: `${key}.${label.extension}`, data: label.text }] : [image];
}

const CLASSES = ['apple', 'pear', 'plum'];
const classOf = (name: string) => CLASSES.indexOf(name.split('/')[0]!);

/** Two archives of all images, with `.cls` files of numbers. */
function shardFolder(): string {
  const path = temporaryFolder();
  const files = (names: readonly string[]) =>
    makeTar(names.flatMap((name) => sample(name, { extension: 'cls', text: `${classOf(name)}\n` })));
  writeFileSync(join(path, 'all-000.tar'), files(golden.names.slice(0, 7)));
  writeFileSync(join(path, 'all-001.tar'), files(golden.names.slice(7)));
  return path;
}

async function pixelsOf(dataset: Dataset): Promise<[number[], number[]]> {
  const { images, labels } = await dataset.read('test', upTo(dataset.description.size.test));
  return [Array.from(images), Array.from(labels)];
}

describe('tar archives', () => {
  it.each([0, 2])('hold the images that the folders hold, with %i threads', async (threads) => {
    const folders = await openImages({});
    const shards = await openImages({ path: shardFolder(), threads });
    expect(await pixelsOf(shards)).toEqual(await pixelsOf(folders));
    expect(shards.name!('test', 8)).toBe('all-001.tar/plum_alpha.jpg');
    expect(shards.description.classNames).toEqual(['class 0', 'class 1', 'class 2']);
  });

  it('are training and test by their names', async () => {
    const path = temporaryFolder();
    const [first, ...rest] = golden.names;
    const tar = (names: string[]) =>
      makeTar(
        names.flatMap((name) => sample(name, { extension: 'json', text: `{"label":${classOf(name)}}` })),
      );
    writeFileSync(join(path, 'imagenet-train-0.tar'), tar(rest));
    writeFileSync(join(path, 'imagenet-val-0.tar'), tar([first!]));
    const dataset = await openImages({ path });
    expect(dataset.description.size).toEqual({ train: 11, validation: 11, test: 1 });
    expect(dataset.name!('test', 0)).toBe('imagenet-val-0.tar/apple_colour.jpg');
  });

  it('have the classes that their JSON files name, by a text too', async () => {
    const path = temporaryFolder();
    const files = golden.names.flatMap((name, index) => {
      const [key, kind] = [index % 2 ? 'label' : 'cls', name.split('/')[0]];
      return sample(name, { extension: 'json', text: JSON.stringify({ size: 1, [key]: kind }) });
    });
    writeFileSync(join(path, 'a.tar'), makeTar(files));
    const dataset = await openImages({ path });
    expect(dataset.description.classNames).toEqual(CLASSES);
    expect((await pixelsOf(dataset))[1]).toEqual(golden.names.map(classOf));
  });

  it('beside folders of images are refused', async () => {
    const path = temporaryFolder();
    cpSync(golden.images, join(path, 'train'), { recursive: true });
    mkdirSync(join(path, 'val'));
    const files = golden.names.map((name) => ({ name, data: readFileSync(join(golden.images, name)) }));
    writeFileSync(join(path, 'val', '0.tar'), makeTar(files));
    await expect(openImages({ path })).rejects.toMatchObject({
      code: 'DATA_MISMATCH',
      message: expect.stringContaining('in folders, and others in tar archives'),
    });
  });

  it('lie in train and val too', async () => {
    const path = temporaryFolder();
    for (const part of ['train', 'val']) {
      mkdirSync(join(path, part));
      writeFileSync(
        join(path, part, '0.tar'),
        makeTar(golden.names.map((name) => ({ name, data: readFileSync(join(golden.images, name)) }))),
      );
    }
    const dataset = await openImages({ path });
    expect(dataset.description.classNames).toEqual(CLASSES);
    expect(dataset.description.size).toEqual({ train: 12, validation: 12, test: 12 });
    expect((await pixelsOf(dataset))[1]).toEqual(golden.names.map(classOf));
  });

  it('without a class are refused, and so is a label beyond the classes', async () => {
    const path = temporaryFolder();
    const file = join(path, 'a.tar');
    writeFileSync(file, makeTar([{ name: 'lonely.jpg', data: 'x' }]));
    await expect(openImages({ path })).rejects.toMatchObject({
      code: 'DATA_MISMATCH',
      message: expect.stringMatching(/The sample "lonely" of a\.tar has no class/),
    });
    writeFileSync(file, makeTar(sample(golden.names[0]!, { extension: 'cls', text: '2' })));
    const classes = join(path, 'classes.tsv');
    writeFileSync(classes, 'n1\tone\nn2\ttwo\n');
    await expect(openImages({ path, classes })).rejects.toMatchObject({
      message: expect.stringMatching(/the label 2, and there are 2 classes/),
    });
  });

  it('that are cut off are named', async () => {
    const path = shardFolder();
    const file = join(path, 'all-001.tar');
    writeFileSync(file, readFileSync(file).subarray(0, 9000));
    await expect(openImages({ path })).rejects.toMatchObject({ code: 'TAR_INVALID' });
  });
});

describe('the index of tar archives', () => {
  it('is kept in the project and found again', async () => {
    const project = temporaryFolder();
    const path = shardFolder();
    const open = () => openImages({ path }, { run: madeRun(project) });
    const first = await pixelsOf(await open());
    const cache = join(project, '.cache', 'dna-nas', 'imagenet');
    const [file, ...others] = readdirSync(cache);
    expect(others).toEqual([]);
    // What stands there is what is used: a name that was changed there shows.
    const kept = readFileSync(join(cache, file!), 'utf8');
    writeFileSync(join(cache, file!), kept.replace('plum_alpha', 'plum_ALPHA'));
    const again = await open();
    expect(again.name!('test', 8)).toBe('all-001.tar/plum_ALPHA.jpg');
    expect(await pixelsOf(again)).toEqual(first);
    const { sizes, classOf, ...rest } = JSON.parse(kept.replace('plum_alpha', 'plum_ALPHA'));
    const damaged = [
      { ...rest, sizes },
      { ...rest, sizes: sizes.slice(1), classOf },
    ];
    damaged.push({ ...rest, sizes, classOf: classOf.slice(1) });
    for (const text of ['{"names":[', ...damaged.map((one) => JSON.stringify(one))]) {
      writeFileSync(join(cache, file!), text);
      expect((await open()).name!('test', 8)).toBe('all-001.tar/plum_alpha.jpg');
    }
  });

  it('is made anew for archives that have changed', async () => {
    const project = temporaryFolder();
    const path = shardFolder();
    const open = () => openImages({ path }, { run: madeRun(project) });
    await open();
    const file = join(path, 'all-001.tar');
    const before = statSync(file);
    writeFileSync(
      file,
      makeTar(golden.names.slice(7, 9).flatMap((name) => sample(name, { extension: 'cls', text: '1' }))),
    );
    utimesSync(file, before.atime, new Date(before.mtimeMs + 5000));
    expect((await open()).description.size.test).toBe(9);
  });

  it('is not needed', async () => {
    const project = temporaryFolder();
    // A file where the folder should be: nothing can be kept.
    writeFileSync(join(project, '.cache'), '');
    const dataset = await openImages({ path: shardFolder() }, { run: madeRun(project) });
    expect(dataset.description.size.test).toBe(12);
    rmSync(join(project, '.cache'));
  });
});
