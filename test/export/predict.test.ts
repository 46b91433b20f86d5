import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { Dataset } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { exportOnnx, predictImages } from 'dna-nas/export';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { output } from '../cli/output.js';
import { golden } from '../data-imagenet/open-images.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { execute } from './interpreter.js';
import { readOnnx } from './onnx-file.js';

const RUN = 'runs/tiny';
const COUNT = 20;
let project: string;

beforeAll(async () => {
  project = await tinyProject();
  const set = ['distill.epochs=0.2', 'retrain.epochs=1'];
  await run(tinyRequest(project, { set }), { inline: true });
  await writeTestImages();
});

async function datasetOf(folder: string, source: string): Promise<Dataset> {
  const { run: stored } = await openStoredRun({ folder: join(folder, source), project: folder });
  return (await stored.resolve('resolveData', 'data')).open();
}

/** The run's first test images as files. */
async function writeTestImages(): Promise<void> {
  mkdirSync(join(project, 'images', 'more'), { recursive: true });
  const { images } = await (await datasetOf(project, RUN)).read('test', [...Array(COUNT).keys()]);
  const { mean, std } = (await exportOnnx({ source: RUN, project })).facts;
  const bytes = Uint8Array.from(images, (value) => Math.round(255 * (value * std![0]! + mean![0]!)));
  for (let at = 0; at < COUNT; at++) await writeGrey(nameOf(at), bytes.subarray(256 * at, 256 * (at + 1)));
  writeFileSync(join(project, 'images', '.hidden.png'), '');
  writeFileSync(join(project, 'images', 'notes.txt'), '');
}

const nameOf = (at: number) =>
  join('images', ...(at < 10 ? [] : ['more']), `${'abcdefghijklmnopqrst'[at]}.png`);

async function writeGrey(file: string, pixels: Uint8Array): Promise<void> {
  const raw = { width: 16, height: 16, channels: 1 } as const;
  await sharp(pixels, { raw }).png().toFile(join(project, file));
}

/** What the exported model makes of a data set's test images, by the interpreter of these tests. */
async function expected(folder: string, source: string, count: number): Promise<number[][]> {
  const dataset = await datasetOf(folder, source);
  const { height, width, channels } = dataset.description.image;
  const { bytes, facts } = await exportOnnx({ source, project: folder });
  const { images } = await dataset.read('test', [...Array(count).keys()]);
  const size = height * width;
  const data = Float64Array.from(images, (_, at) => {
    const [image, rest] = [Math.floor(at / (size * channels)), at % (size * channels)];
    return images[image * size * channels + (rest % size) * channels + Math.floor(rest / size)]!;
  });
  const logits = execute(readOnnx(bytes), { shape: [count, channels, height, width], data }).data;
  await dataset.close();
  return Array.from({ length: count }, (_, image) => {
    const row = [...logits.subarray(image * facts.classes, (image + 1) * facts.classes)];
    const powers = row.map((logit) => Math.exp(logit));
    return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
  });
}

const byClass = (classes: readonly { class: number; probability: number }[]) =>
  [...classes].sort((a, b) => a.class - b.class).map(({ probability }) => probability);

function expectClose(found: number[][], wanted: number[][]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((row, image) => {
    for (const [at, value] of row.entries()) expect(value).toBeCloseTo(wanted[image]![at]!, 5);
  });
}

describe('images of a run', () => {
  it('are seen as the run has seen them in its test', async () => {
    const { images, damaged, facts } = await predictImages({ source: RUN, project, images: ['images'] });
    expect(damaged).toEqual([]);
    expect(facts.name).toBe('found');
    expect(images.map(({ file }) => file)).toEqual(Array.from({ length: COUNT }, (_, at) => nameOf(at)));
    expectClose(
      images.map(({ classes }) => byClass(classes)),
      await expected(project, RUN, COUNT),
    );
    for (const { classes } of images) {
      const likely = classes.map(({ probability }) => probability);
      expect(likely).toEqual([...likely].sort((a, b) => b - a));
    }
  });

  it('are seen with their classes by another network of it, on another backend', async () => {
    const request = { source: RUN, project, images: [nameOf(12)], network: 'random', backend: 'cpu', top: 2 };
    const { images, facts, runtime } = await predictImages(request);
    expect(facts.name).toBe('random');
    expect(runtime).toContain('plain JavaScript');
    expect(images[0]!.classes).toHaveLength(2);
    for (const { class: number, name } of images[0]!.classes) expect(name).toBe(facts.classNames![number]);
  });

  it('in colours are seen in grey, as Pillow makes it', async () => {
    const colours = Uint8Array.from({ length: 768 }, (_, at) => (at * 37 + (at >> 4) * 11) % 256);
    const grey = Uint8Array.from({ length: 256 }, (_, at) => {
      const [r, g, b] = colours.subarray(3 * at, 3 * at + 3);
      return Math.floor((r! * 19595 + g! * 38470 + b! * 7471 + 32768) / 65536);
    });
    const raw = { width: 16, height: 16, channels: 3 } as const;
    await sharp(colours, { raw }).png().toFile(join(project, 'colours.png'));
    await writeGrey('grey.png', grey);
    const { images } = await predictImages({ source: RUN, project, images: ['colours.png', 'grey.png'] });
    expect(images[0]!.classes).toEqual(images[1]!.classes);
  });
});

describe('photographs of any size', () => {
  let other: string;

  beforeAll(async () => {
    other = await tinyProject();
    cpSync(golden.images, join(other, 'photos'), { recursive: true });
    const evaluation = { crop: 0.8, interpolation: 'bilinear' };
    const data = {
      use: 'imagenet',
      path: 'photos',
      imageSize: 16,
      heldOutPerClass: 0,
      testShare: 0,
      threads: 0,
      evaluation,
    };
    const { backend, space, retrain } = TINY;
    const config = {
      name: 'photos',
      backend,
      space,
      data,
      retrain: { ...(retrain as object), batch: 4 },
      reports: ['json'],
    };
    const architecture = 'ir_r1_k3_s2_e2_c8 | ir_r1_k3_s2_e2_c16';
    await run({ project: other, config, architecture, set: ['retrain.epochs=1'] }, { inline: true });
  });

  it('are resized, cropped and normalised as in the test', async () => {
    const source = 'runs/photos-retrain';
    const { images } = await predictImages({ source, project: other, images: ['photos'] });
    expect(images.map(({ file }) => file)).toEqual(golden.names.map((name) => join('photos', name)));
    const found = images.map(({ classes }) => byClass(classes));
    expectClose(found, await expected(other, source, golden.names.length));
  });

  it('need the data only for the names of the classes', async () => {
    const source = 'runs/photos-retrain';
    const machine = { 'data.path': join(other, 'nowhere') };
    const { images } = await predictImages({ source, project: other, machine, images: ['photos'] });
    expect(images[0]!.classes[0]).not.toHaveProperty('name');
    expect(images).toHaveLength(golden.names.length);
  });
});

/** A runtime whose logits are the first values of the input, one a channel and row. */
const RUNTIME = `
exports.Tensor = class { constructor(type, data, dims) { Object.assign(this, { type, data, dims }); } };
exports.InferenceSession = {
  async create(model) {
    if (!(model instanceof Uint8Array) || model.length < 100) throw new Error('no model');
    return {
      async run({ input: { type, data, dims: [count, channels, height, width] } }) {
        if (type !== 'float32' || data.length !== count * channels * height * width) throw new Error('no images');
        const size = channels * height * width;
        const logits = Float32Array.from({ length: 4 * count }, (_, at) => data[Math.floor(at / 4) * size + (at % 4)]);
        return { logits: { data: logits, dims: [count, 4] } };
      },
      async release() {},
    };
  },
};
`;

describe('an exported model', () => {
  const words = ['predict', nameOf(3), nameOf(5), '--model', 'net.onnx'];

  it('says what it needs where there is no onnxruntime', async () => {
    await output(project, ['export', RUN, '--output', 'net.onnx']);
    const { code, text } = await listen(words, project, {});
    expect(text).toContain('ONNX models need onnxruntime, and there is none in this project.');
    expect(text).toContain('npm install onnxruntime-node');
    expect(code).toBe(2);
  });

  it.each([
    [[], (byte: number, mean: number, std: number) => (Math.fround(byte / 255) - mean) / std],
    [['--preprocess'], (byte: number) => byte],
  ])('exported with %j is given what it takes', async (more, prepare) => {
    const folder = join(project, 'node_modules', 'onnxruntime-web');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.js'), RUNTIME);
    writeFileSync(join(folder, 'package.json'), '{ "main": "index.js" }');
    await output(project, ['export', RUN, '--output', 'net.onnx', ...more]);
    const { images } = JSON.parse(await output(project, [...words, '--json', '--top', '4']));
    const { mean, std } = (await exportOnnx({ source: RUN, project })).facts;
    for (const { file, classes } of images) {
      const bytes = await sharp(join(project, file)).greyscale().raw().toBuffer();
      const logits = [...bytes.subarray(0, 4)].map((byte) => prepare(byte, mean![0]!, std![0]!));
      const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
      const sum = powers.reduce((all, one) => all + one, 0);
      for (const [at, value] of byClass(classes).entries()) expect(value).toBeCloseTo(powers[at]! / sum, 5);
    }
  });

  it.each([
    ['notes.onnx', 'it cannot be read as ONNX'],
    ['empty.onnx', 'its metadata do not say name, height, width, channels, input, classes'],
    ['gone.onnx', 'it cannot be read ('],
  ])('is not %s', async (model, problem) => {
    writeFileSync(join(project, 'notes.onnx'), 'not a model at all');
    writeFileSync(join(project, 'empty.onnx'), '');
    const { code, text } = await listen(['predict', nameOf(0), '--model', model], project, {});
    expect(text).toContain(`${model} is no model that dna export has written: ${problem}`);
    expect(code).toBe(2);
  });
});

describe('dna predict', () => {
  it('prints the likeliest classes of each image', async () => {
    const text = await output(project, ['predict', nameOf(0), nameOf(1), '--model', RUN, '--top', '2']);
    const { images } = await predictImages({ source: RUN, project, images: [nameOf(0), nameOf(1)], top: 2 });
    const lines = text.trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(4);
    images.forEach(({ file, classes }, image) => {
      classes.forEach(({ name, probability }, place) => {
        const line = lines[2 * image + place]!;
        expect(line.startsWith(place === 0 ? file : ' ')).toBe(true);
        expect(line.trim().endsWith(`${(100 * probability).toFixed(2)} %  ${name}`)).toBe(true);
      });
    });
  });

  it('names damaged images, classifies the others, and ends with 1', async () => {
    writeFileSync(join(project, 'cut.png'), Buffer.from('89504e470d0a1a0a00', 'hex'));
    writeFileSync(join(project, 'text.png'), 'a text');
    const words = ['predict', 'cut.png', nameOf(0), 'text.png', '--model', RUN, '--top', '1'];
    const { code, text } = await listen(words, project, {});
    expect(text).toMatch(/^image +class\nimages\/a\.png /);
    expect(text).toContain('2 of 3 images cannot be read, and were passed over: cut.png (');
    expect(text).toContain('; text.png (it does not begin as an image; expected JPEG, PNG, WEBP).');
    expect(code).toBe(1);
  });

  it.each([
    [['nowhere.png'], '"nowhere.png" is neither a file nor a folder'],
    [['runs/tiny/results'], '"runs/tiny/results" holds no file that is called as an image'],
    [['images', '--top', '0'], '--top is "0"; a whole number from 1 to 10000 is expected.'],
    [['images', '--network', 'fond'], 'The run runs/tiny has not trained "fond"'],
  ])('with %j ends with 2 and says why', async (words, problem) => {
    const { code, text } = await listen(['predict', ...words, '--model', RUN], project, {});
    expect(text).toContain(problem);
    expect(code).toBe(2);
  });
});
