import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTar } from '../hostile/make-tar.js';
import { copyOfImages, golden, labelsOf, namesOf, openImages, temporaryFolder } from './open-images.js';

const flatName = (name: string) => name.replace('/', '-');

/** The golden images in one folder, none below it. */
function flat(folder = temporaryFolder()): string {
  for (const name of golden.names) cpSync(join(golden.images, name), join(folder, flatName(name)));
  return folder;
}

describe('images without labels', () => {
  it('are all that lie in a folder and below it, once, and have no classes', async () => {
    const path = flat();
    mkdirSync(join(path, 'more', 'deep'), { recursive: true });
    renameSync(join(path, flatName(golden.names[0]!)), join(path, 'more', 'deep', 'first.jpg'));
    symlinkSync(path, join(path, 'more', 'around'));
    const dataset = await openImages({ path, labels: false });
    const { description } = dataset;
    expect(description).toMatchObject({ classes: 0, labels: false, size: { train: golden.names.length } });
    expect(description.classNames).toBeUndefined();
    expect(namesOf(dataset, 'train').sort()).toEqual(
      [...golden.names.slice(1).map(flatName), 'more/deep/first.jpg'].sort(),
    );
    expect(new Set(await labelsOf(dataset, 'train'))).toEqual(new Set([0]));
  });

  it('have the pixels that they have with labels, and another identity', async () => {
    const path = copyOfImages();
    const [labelled, unlabelled] = [await openImages({ path }), await openImages({ path, labels: false })];
    expect(namesOf(unlabelled, 'train').sort()).toEqual(namesOf(labelled, 'train').sort());
    const pixels = async (dataset: typeof labelled) => {
      const index = namesOf(dataset, 'train').indexOf(golden.names[3]!);
      return Array.from((await dataset.read('train', [index])).images);
    };
    expect(await pixels(unlabelled)).toEqual(await pixels(labelled));
    expect(unlabelled.description.fingerprint).not.toBe(labelled.description.fingerprint);
  });

  it('are split without classes: a share for the test, and held-out ones of all that is left', async () => {
    const options = { path: flat(), labels: false, testShare: 0.25, heldOutPerClass: 2 };
    const { description } = await openImages(options);
    expect(description.size).toEqual({ train: 7, validation: 2, test: 3 });
    expect(description.testFrom).toBe('held-out');
    const path = temporaryFolder();
    for (const part of ['train', 'val']) {
      mkdirSync(join(path, part));
      flat(join(path, part));
    }
    const divided = await openImages({ path, labels: false });
    expect(divided.description.size).toMatchObject({ train: 12, test: 12 });
    expect(namesOf(divided, 'test').every((name) => name.startsWith('val/'))).toBe(true);
  });

  it('are named by a list without a column of labels, or lie in archives that tell none', async () => {
    const path = flat();
    writeFileSync(join(path, 'some.csv'), ['file', ...golden.names.slice(0, 5).map(flatName)].join('\n'));
    const listed = await openImages({ path: join(path, 'some.csv'), labels: false });
    expect(namesOf(listed, 'train')).toEqual(golden.names.slice(0, 5).map(flatName));
    await expect(openImages({ path: join(path, 'some.csv') })).rejects.toMatchObject({
      code: 'DATA_LIST_COLUMN',
    });
    const shards = temporaryFolder();
    const files = golden.names.map((name, index) => ({
      name: `${index}.jpg`,
      data: readFileSync(join(golden.images, name)),
    }));
    writeFileSync(join(shards, 'all.tar'), makeTar(files));
    const packed = await openImages({ path: shards, labels: false });
    expect(packed.description).toMatchObject({ classes: 0, size: { train: 12 } });
    await expect(openImages({ path: shards })).rejects.toMatchObject({ code: 'DATA_MISMATCH' });
  });

  it('are called as the teacher’s classes where a file tells them', async () => {
    const path = flat();
    const classes = join(temporaryFolder(), 'classes.tsv');
    writeFileSync(classes, 'n01\tbirch\nn02\toak\n');
    const { description } = await openImages({ path, labels: false, classes });
    expect(description).toMatchObject({ classes: 2, classNames: ['birch', 'oak'], labels: false });
  });

  it('are what a folder without classes is said to hold', async () => {
    const path = flat();
    const found = await openImages({ path }).catch((error: unknown) => error);
    expect(found).toMatchObject({ code: 'DATA_NO_IMAGES' });
    expect((found as { hint: string }).hint).toContain('--set data.labels=false');
  });
});
