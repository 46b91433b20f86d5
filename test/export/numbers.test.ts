import { resolveConfig } from 'dna-nas/configuration';
import type { Network, SearchSpace } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { Module, tf } from 'dna-nas/nn';
import { ClassifierHead, Identity, Sequential, Stem } from 'dna-nas/nn/layers';
import { conv2d } from 'dna-nas/nn/ops';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { ROOT } from '../repository/sources.js';
import { difference, exported, type IMAGE, tinyNetwork, trained } from './networks.js';

onCpu();

/** Our forward is float32. */
const TOLERANCE = 1e-5;

const IMAGES = { height: 7, width: 7, channels: 3 };

/** A space's network of every layer's given operation. */
async function network(space: object | string, architecture: (space: SearchSpace) => string) {
  const config = await resolveConfig({
    project: ROOT,
    configFile: false,
    config: { space } as never,
    plugins: ['backend-auto'],
  });
  const run = await applyPlugins(config, { project: ROOT, main: false });
  const resolved = await run.resolve('resolveSpace', 'space');
  const parsed = resolved.parseArchitecture(architecture(resolved));
  return () => trained(resolved.createNetwork(parsed, { image: IMAGES, classes: 4 }));
}

/** The last operation of each layer of each block's last cell. */
const last = (space: SearchSpace) =>
  space.formatArchitecture(
    space.blocks.map(({ cells }) => ({
      cell: cells.length - 1,
      path: cells.at(-1)!.layers.map((operations) => operations.length - 1),
    })),
  );

const MBCONV = {
  use: 'mbconv',
  kernels: [3, 5],
  expansions: [2],
  stem: { channels: 8, stride: 2, separable: 8 },
  blocks: [{ stride: 2, cells: [{ layers: 2, channels: 8 }] }],
  head: 16,
};

const SPACES: readonly (readonly [string, object | string, (space: SearchSpace) => string])[] = [
  ['mbconv', MBCONV, last],
  ['nas-bench-macro', 'nas-bench-macro', () => '10200010'],
  ['a space of a user', './examples/custom-search-space/space-plain-convolution.ts', last],
];

describe.each([false, true])('with batch norms kept: %s', (keepNorms) => {
  it.each([1, 3])('a tiny network computes the same on a batch of %i', async (count) => {
    const create = () => trained(tinyNetwork());
    const model = await exported(create, { keepNorms });
    expect(difference(model, create, { count })).toBeLessThan(TOLERANCE);
  });

  it.each(SPACES)('a network of %s computes the same', async (_, space, architecture) => {
    const create = await network(space, architecture);
    const model = await exported(create, { image: IMAGES, keepNorms });
    expect(difference(model, create, { count: 1, image: IMAGES })).toBeLessThan(TOLERANCE);
    expect(model.nodes.filter(({ op }) => op === 'Transpose')).toEqual([]);
    expect(model.nodes.some(({ op }) => op === 'BatchNormalization')).toBe(keepNorms);
  });
});

it('takes pixels of 0 to 255 where the graph normalises them', async () => {
  const create = () => trained(tinyNetwork());
  const normalisation = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.1] };
  const model = await exported(create, { normalisation });
  /** The network behind the normalisation, as the data sets do it. */
  class Prepared extends Module {
    readonly network = this.child('network', tinyNetwork());

    override forward(x: tf.Tensor, context: Parameters<Network['forward']>[1]) {
      const { mean, std } = normalisation;
      return tf.tidy(() => this.network.forward(tf.div(tf.sub(tf.div(x, 255), mean), std), context));
    }

    override trace(): never {
      throw new Error('It is not counted.');
    }
  }
  const prepared = () => {
    const made = new Prepared();
    const source = create();
    const sources = source.tensors();
    for (const [name, tensor] of made.network.tensors())
      tensor.set(Float32Array.from(sources.get(name)!.value.dataSync()));
    source.dispose();
    return made;
  };
  expect(difference(model, prepared, { count: 2 })).toBeLessThan(TOLERANCE);
});

it('folds no weights into a convolution that another layer shares', async () => {
  /** One filter, used twice: with a value added to each channel, and without. */
  class Shared extends Module {
    readonly #filter = this.parameter('weight', [3, 3, 8, 8], {
      initialiser: (shape) => new Float32Array(shape.reduce((a, b) => a * b)).fill(0.1),
      layout: 'convolution',
    });
    readonly #scale = this.parameter('scale', [8], { initialiser: () => new Float32Array(8).fill(1) });

    override forward(x: tf.Tensor) {
      const scaled = tf.mul(conv2d(x, this.#filter.value), this.#scale.value);
      const once = tf.add(scaled, this.#scale.value);
      return conv2d(once, this.#filter.value);
    }

    override trace(input: typeof IMAGE) {
      return { output: input, macs: 0 };
    }
  }
  const create = () =>
    trained(
      new Sequential<Module>([
        new Stem({ inputChannels: 3, outputChannels: 8 }),
        new Shared(),
        new Identity(),
        new ClassifierHead({ inputChannels: 8, channels: 8, classes: 3 }),
      ]),
    );
  const model = await exported(create);
  expect([...model.initialisers.keys()].filter((name) => name.startsWith('1.'))).toEqual([
    '1.weight',
    '1.weight_1',
    '1.bias',
  ]);
  expect(difference(model, create, { count: 1 })).toBeLessThan(TOLERANCE);
});
