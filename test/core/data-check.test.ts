import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkData, type DataCheck } from 'dna-nas/run-tools';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { golden } from '../data-imagenet/open-images.js';

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'dna-data-check-'));
});
afterAll(() => rmSync(project, { recursive: true }));

/** The golden images, four of each class, in a folder of the project; changed by `change`. */
function images(name: string, change: (folder: string) => void = () => undefined): string {
  cpSync(golden.images, join(project, name), { recursive: true });
  change(join(project, name));
  return name;
}

const OPTIONS = { imageSize: 16, threads: 0, heldOutPerClass: 1, testShare: 0.25 };

const check = (path: string, options: object = {}): Promise<DataCheck> =>
  checkData({
    project,
    configFile: false,
    config: { data: { use: 'imagenet', path, ...OPTIONS, ...options } },
    plugins: ['backend-auto'],
  });

/** Verdicts by what was looked at. */
const verdicts = ({ findings }: DataCheck) =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));

describe('sound data', () => {
  it('have nothing but figures', async () => {
    const found = await check(images('sound'));
    expect(found.sound).toBe(true);
    expect(verdicts(found)).toEqual({ images: 'ok', sizes: 'ok', classes: 'ok', duplicates: 'ok' });
    expect(found.size).toEqual({ train: 6, validation: 3, test: 3 });
    expect(found.classes).toEqual({
      apple: { train: 2, validation: 1, test: 1 },
      pear: { train: 2, validation: 1, test: 1 },
      plum: { train: 2, validation: 1, test: 1 },
    });
    expect(found.findings[0]!.text).toMatch(/^12 images read and decoded, [\d,]+ a second$/);
    expect(found.imagesPerSecond).toBeGreaterThan(0);
  });

  it('are told the same by decoding threads', async () => {
    const {
      imagesPerSecond: _,
      findings: [, ...inline],
      ...rest
    } = await check(images('threads'));
    const {
      imagesPerSecond: __,
      findings: [, ...threads],
      ...others
    } = await check('threads', { threads: 2 });
    expect(threads).toEqual(inline);
    expect(others).toEqual(rest);
  });

  it('may be of a plugin whose images are no files', async () => {
    const data = { use: 'synthetic', size: 16, classes: 4, train: 100, validation: 20, test: 20 };
    const found = await checkData({
      project,
      configFile: false,
      config: { data },
      plugins: ['backend-auto'],
    });
    expect(found.findings[0]!.text).toMatch(/^140 images/);
    expect(found.findings[1]!.text).toBe('all are 16×16; seen at 16×16');
  });
});

describe('what is wrong', () => {
  it('damaged images are all told, and no limit ends it', async () => {
    const path = images('damaged', (folder) => {
      const whole = readFileSync(join(folder, 'apple', 'colour.JPEG'));
      writeFileSync(join(folder, 'plum', 'cut.jpg'), whole.subarray(0, whole.length / 2));
      writeFileSync(join(folder, 'plum', 'text.png'), 'no image');
    });
    const found = await check(path, { corruptLimit: 0 });
    expect(found.sound).toBe(false);
    expect(found.damaged).toEqual([
      { file: 'plum/cut.jpg', damage: expect.stringContaining('premature end') },
      { file: 'plum/text.png', damage: expect.stringContaining('does not begin as an image') },
    ]);
    expect(found.findings[0]).toMatchObject({ check: 'images', verdict: 'problem' });
  });

  it('unbalanced classes, and those that are never trained or tested', async () => {
    const path = 'parts';
    for (const [to, from] of [
      ['train/apple/a.JPEG', 'apple/colour.JPEG'],
      ['train/apple/b.JPEG', 'apple/fine.JPEG'],
      ['train/pear/c.JPEG', 'pear/square.JPEG'],
      ['test/apple/d.JPEG', 'apple/grey.JPEG'],
      ['test/plum/e.JPEG', 'plum/png.JPEG'],
    ]) {
      mkdirSync(join(project, path, to!, '..'), { recursive: true });
      cpSync(join(golden.images, from!), join(project, path, to!));
    }
    const found = await check(path, { heldOutPerClass: 0 });
    const texts = Object.fromEntries(found.findings.map(({ check, text }) => [check, text]));
    expect(texts.classes).toMatch(/of 1 to 2 training images each: most of apple, fewest of pear/);
    expect(texts['training classes']).toBe('without training images: plum');
    expect(texts['test classes']).toBe('without test images: pear');
    expect(found.sound).toBe(true);
  });

  it('copies in the test split are a problem, others are not', async () => {
    const folder = images('copied', (root) => {
      mkdirSync(join(root, 'test', 'pear'), { recursive: true });
      mkdirSync(join(root, 'train'));
      for (const name of ['apple', 'pear', 'plum']) {
        cpSync(join(root, name), join(root, 'train', name), { recursive: true });
        rmSync(join(root, name), { recursive: true });
      }
      cpSync(join(root, 'train/pear/square.JPEG'), join(root, 'test/pear/again.JPEG'));
      cpSync(join(root, 'train/plum/png.JPEG'), join(root, 'train/apple/other.JPEG'));
    });
    const found = await check(folder, { heldOutPerClass: 0 });
    expect(found.duplicates).toContainEqual({
      files: ['train/pear/square.JPEG', 'test/pear/again.JPEG'],
      splits: ['train', 'validation', 'test'],
      contradictory: false,
    });
    expect(found.duplicates).toContainEqual({
      files: ['train/apple/other.JPEG', 'train/plum/png.JPEG'],
      splits: ['train', 'validation'],
      contradictory: true,
    });
    expect(verdicts(found)).toMatchObject({
      'test images': 'problem',
      duplicates: 'warning',
      labels: 'warning',
    });
  });

  it('a test split that is lent, and images that must be enlarged', async () => {
    const found = await check(images('lent'), { testShare: 0, imageSize: 96 });
    const { 'test split': split, sizes, duplicates } = verdicts(found);
    expect({ split, sizes, duplicates }).toEqual({ split: 'warning', sizes: 'warning', duplicates: 'ok' });
    expect(found.findings[0]!.text).toMatch(/^12 images/);
  });
});

describe('dna data check', () => {
  it('takes a folder, ends with 1 where there is a problem, and prints data', async () => {
    const words = ['data', 'check', 'sound', '--set', 'data.imageSize=16'];
    const sound = await listen(words, project, {});
    expect(sound.code, sound.text).toBe(0);
    expect(sound.text).toMatch(/^sound: 6 training/m);
    images('cut', (folder) => writeFileSync(join(folder, 'apple', 'x.jpg'), 'x'));
    const cut = await listen(['data', 'check', 'cut', '--json'], project, {});
    expect(cut.code).toBe(1);
    expect(cut.text).toContain('error DATA_PROBLEMS: The data have a problem');
    expect(JSON.parse(cut.text.slice(0, cut.text.indexOf('\n}') + 2))).toMatchObject({ sound: false });
    const nowhere = await listen(['data', 'check', 'nowhere'], project, {});
    expect(nowhere.code).toBe(2);
    expect(nowhere.text).toContain('There is no folder or list nowhere');
  });
});
