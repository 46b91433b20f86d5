import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataImagenetOptions, dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { describe, expect, it } from 'vitest';
import { copyOfImages, golden, labelsOf, madeRun, openImages, temporaryFolder } from './open-images.js';

describe('classes', () => {
  function fileOf(text: string): string {
    const file = join(temporaryFolder(), 'classes.tsv');
    writeFileSync(file, text);
    return file;
  }

  it('are lines of a file, by id or by name', async () => {
    const classes = fileOf('n1\tfig\nplum\tPrunus\r\nn3\tpear\nn4\tkiwi\nn5\tapple\n');
    const dataset = await openImages({ classes });
    expect(dataset.description.classes).toBe(5);
    expect(dataset.description.classNames).toEqual(['fig', 'Prunus', 'pear', 'kiwi', 'apple']);
    expect(await labelsOf(dataset, 'test')).toEqual([4, 4, 4, 4, 2, 2, 2, 2, 1, 1, 1, 1]);
  });

  it.each([
    ['', /it is empty/],
    ['apple\tx\n\npear\ty\n', /line 2 is ""/],
    ['apple\tx\npear\ty\napple\tz\n', /"apple" stands in lines 1 and 3/],
  ])('a file like %j is refused', async (text, message) => {
    await expect(openImages({ classes: fileOf(text) })).rejects.toMatchObject({
      code: 'DATA_CLASSES',
      message: expect.stringMatching(message),
    });
  });

  it('a folder that no line names is refused', async () => {
    await expect(openImages({ classes: fileOf('apple\tx\npear\ty\n') })).rejects.toMatchObject({
      code: 'DATA_MISMATCH',
      message: expect.stringMatching(/The class "plum" of the images is not in .*classes\.tsv/),
    });
    await expect(openImages({ classes: './nowhere.tsv' })).rejects.toMatchObject({ code: 'DATA_CLASSES' });
  });
});

describe('folders', () => {
  it('that are not there, with the nearest name', async () => {
    const project = temporaryFolder();
    mkdirSync(join(project, 'pictures'));
    await expect(openImages({ path: 'pictuers' }, { run: madeRun(project) })).rejects.toMatchObject({
      code: 'DATA_FOLDER_MISSING',
      hint: expect.stringContaining('data.path=pictures'),
    });
  });

  it('that are not named', async () => {
    await expect(openImages({ path: undefined as never })).rejects.toMatchObject({
      code: 'DATA_MISSING',
      hint: expect.stringContaining('--set data.path='),
    });
  });

  it('that are not at hand stand for ImageNet', async () => {
    const outlineOf = async (options: Partial<DataImagenetOptions>) => {
      const run = madeRun();
      dataImagenet(options).apply(run);
      return (await run.hooks.resolveData.promise({ slot: 'data' }))!.outline?.();
    };
    expect(await outlineOf({ imageSize: 128 })).toMatchObject({
      image: { height: 128, width: 128, channels: 3 },
      classes: 1000,
      size: { train: 1_231_167, validation: 50_000, test: 50_000 },
    });
    expect(await outlineOf({ path: 'nowhere', trainLimit: 500 })).toMatchObject({ size: { train: 500 } });
    expect(await outlineOf({ path: golden.images })).toBeUndefined();
  });

  it('without images', async () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'apple'));
    writeFileSync(join(path, 'apple', 'notes.txt'), 'none');
    await expect(openImages({ path })).rejects.toMatchObject({ code: 'DATA_NO_IMAGES' });
  });
});

describe('the fingerprint', () => {
  const fingerprintOf = async (...request: Parameters<typeof openImages>) =>
    (await openImages(...request)).description.fingerprint;

  it('is of what is read, not of where it is', async () => {
    const usual = await fingerprintOf({});
    expect(await fingerprintOf({ path: copyOfImages(), threads: 2, corruptLimit: 5 })).toBe(usual);
    const changes = [
      { imageSize: 16 },
      { heldOutPerClass: 1 },
      { testLimit: 3 },
      { std: [1, 1, 2] as const },
    ];
    const others = await Promise.all(changes.map((change) => fingerprintOf(change)));
    expect(new Set([usual, ...others]).size).toBe(5);
  });

  it('changes with names and sizes', async () => {
    const usual = await fingerprintOf({});
    const path = copyOfImages();
    writeFileSync(join(path, 'apple', 'grey.JPEG'), 'shorter');
    expect(await fingerprintOf({ path })).not.toBe(usual);
    const renamed = copyOfImages();
    renameSync(join(renamed, 'apple', 'grey.JPEG'), join(renamed, 'apple', 'gray.JPEG'));
    expect(await fingerprintOf({ path: renamed })).not.toBe(usual);
  });
});

it('golden images are all there', () => {
  expect(readdirSync(golden.images)).toEqual(['apple', 'pear', 'plum']);
});
