import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listen } from '../backend-install/listen.js';

/** Folders of classes that are not the first ones of the network's thousand. */
const FOLDERS = { n00000900: ['b.png', 'a.png'], n00000007: ['c.png'] };

let project: string;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'dna-evaluate-'));
  for (const [folder, files] of Object.entries(FOLDERS)) {
    mkdirSync(join(project, 'images', folder), { recursive: true });
    for (const [index, file] of files.entries()) {
      const background = { r: 90 * index, g: 120, b: 200 };
      const picture = sharp({ create: { width: 40, height: 36, channels: 3, background } });
      await picture.png().toFile(join(project, 'images', folder, file));
    }
  }
  const lines = Array.from(
    { length: 1000 },
    (_, index) => `n${String(index).padStart(8, '0')}\tclass ${index}`,
  );
  writeFileSync(join(project, 'classes.tsv'), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(project, { recursive: true }));

const words = [
  '--teacher',
  'tf_efficientnet_lite0',
  '--weights',
  'untrained',
  '--data',
  'images',
  '--backend',
  'wasm',
];

test('every image of a folder is told with its file, its label among a thousand and five classes', async () => {
  const { code, text } = await listen(
    ['evaluate', ...words, '--classes', 'classes.tsv', '--json'],
    project,
    {},
  );
  expect(code, text).toBe(0);
  expect(text).toContain('UNTRAINED');
  const { images, warning, predictions } = JSON.parse(text.slice(text.indexOf('\n{')));
  expect(images).toBe(3);
  expect(warning).toContain('UNTRAINED');
  const told = predictions.map(({ file, label }: { file: string; label: number }) => `${file} ${label}`);
  expect(told.sort()).toEqual(['n00000007/c.png 7', 'n00000900/a.png 900', 'n00000900/b.png 900']);
  for (const { classes } of predictions) {
    expect(new Set(classes).size).toBe(5);
    expect(classes.every((one: number) => one >= 0 && one < 1000)).toBe(true);
  }
});

test('without the file of classes the error says what is missing', async () => {
  const { code, text } = await listen(['evaluate', ...words], project, {});
  expect(text).toMatch(/error EVALUATE_CLASSES: .*1000 classes.*are of 2/);
  expect(text).toContain('--classes FILE');
  expect(code).toBe(2);
});

test('unbalanced classes have balanced accuracy, and a line each', async () => {
  const { code, text } = await listen(['evaluate', ...words, '--classes', 'classes.tsv'], project, {});
  expect(code, text).toBe(0);
  expect(text).toMatch(/^network +images +top-1 % .* balanced % +top-5 %/m);
  expect(text).toMatch(/^class 7 +1 +\d/m);
  expect(text).toMatch(/^class 900 +2 +\d/m);
});
