// The image operations of RandAugment against Pillow's, on one thread: milliseconds for an image of 224 × 224.
//   node bench/augment.mjs [python with Pillow and timm]
import { spawnSync } from 'node:child_process';
import { randomStream } from 'dna-nas/core';
import { ByteImage, createAugmentations, IMAGE_OPERATIONS } from 'dna-nas/nn/augment';

const python = process.argv[2] ?? 'python3';
const SHAPE = { height: 224, width: 224, channels: 3 };
const ARGUMENTS = {
  rotate: 13,
  posterise: 4,
  solarise: 100,
  'solarise-add': 60,
  'shear-x': 0.2,
  'shear-y': 0.2,
  'translate-x': 0.123,
  'translate-y': 0.123,
  hue: 0.1,
};
const AFFINE = ['rotate', 'shear-x', 'shear-y', 'translate-x', 'translate-y'];
const RECIPES = {
  'rand-m9-mstd0.5-inc1': { randAugment: 'rand-m9-mstd0.5-inc1' },
  original: { autoAugment: 'original' },
  'colour jitter 0.4': { colourJitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4 } },
  'erase pixel 0.5': { erase: { probability: 0.5, fill: 'pixel' } },
};

/** Milliseconds a call, the least of five rounds. */
function measure(work, calls) {
  const rounds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    for (let i = 0; i < calls; i++) work(i);
    return (performance.now() - began) / calls;
  });
  return Math.min(...rounds);
}

function operations() {
  const random = randomStream('bench');
  const image = new ByteImage(SHAPE);
  const pixels = Uint8Array.from({ length: image.pixels.length }, () => random.integer(256));
  const fill = [124, 116, 104];
  return Object.entries(IMAGE_OPERATIONS).flatMap(([name, operation]) =>
    (AFFINE.includes(name) ? ['bilinear', 'bicubic'] : ['']).map((interpolation) => {
      const work = () => {
        image.pixels.set(pixels);
        operation(image, ARGUMENTS[name] ?? 1.3, { interpolation, fill });
      };
      return [`${name} ${interpolation}`.trim(), measure(work, 40)];
    }),
  );
}

function recipes() {
  const random = randomStream('bench');
  const pixels = Float32Array.from({ length: 224 * 224 * 3 }, () => random.integer(256) / 255);
  return Object.entries(RECIPES).map(([name, options]) => {
    const augmentations = createAugmentations(options);
    const work = (i) => {
      const image = pixels.slice();
      const stream = random.fork(i);
      for (const augmentation of augmentations) augmentation.apply(image, SHAPE, stream);
    };
    return [name, measure(work, 300)];
  });
}

const script = new URL('./augment.py', import.meta.url).pathname;
const { stdout, status, stderr } = spawnSync(python, [script], { encoding: 'utf8' });
if (status !== 0) console.error(`No figures of Pillow: ${(stderr ?? '').trim().split('\n').at(-1)}`);
const peer = status === 0 ? JSON.parse(stdout) : {};
console.log('| milliseconds an image | ours | Pillow |\n| --- | --- | --- |');
for (const [name, milliseconds] of [...operations(), ...recipes()]) {
  console.log(`| ${name} | ${milliseconds.toFixed(2)} | ${peer[name]?.toFixed(2) ?? ''} |`);
}
