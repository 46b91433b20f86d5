// Draws the paths that both sides train along, once and for all: node bench/torch/make-paths.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';

const PATHS = 30;

/** What `space-mbconv` is given, and what networks.py builds: the layers and widths of EfficientNet-B0. */
const LAYERS = [2, 4, 4, 4, 4, 1];
const CHANNELS = [24, 40, 80, 112, 192, 320];
const STRIDES = [2, 2, 2, 1, 2, 1];
const SPACE = {
  kernels: [3, 5, 7],
  expansions: [3, 6],
  squeezeExcite: 0.25,
  padding: 'symmetric',
  batchNormMomentum: 0.1,
  batchNormEpsilon: 1e-5,
  stem: { channels: 32, stride: 2, separable: 16 },
  blocks: LAYERS.map((layers, block) => ({
    stride: STRIDES[block],
    cells: [{ layers, channels: CHANNELS[block] }],
  })),
};

const operations = SPACE.kernels.length * SPACE.expansions.length;
const paths = Array.from({ length: PATHS }, (_, index) =>
  LAYERS.map((layers, block) =>
    Array.from({ length: layers }, (_, layer) =>
      randomStream('torch bench').fork(index, block, layer).integer(operations),
    ),
  ),
);
const lines = paths.map((path) => `    ${JSON.stringify(path)}`).join(',\n');
const text = `{\n  "space": ${JSON.stringify(SPACE)},\n  "paths": [\n${lines}\n  ]\n}\n`;
writeFileSync(join(import.meta.dirname, 'paths.json'), text);
