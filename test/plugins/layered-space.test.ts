import { randomStream } from 'dna-nas/core';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { EVALUATE, type Module, tf } from 'dna-nas/nn';
import { ClassifierHead, Conv2d, MBConv, Stem } from 'dna-nas/nn/layers';
import { type LayeredSpaceOptions, layeredSpace } from 'dna-nas/nn/space';
import { isStagedModule } from 'dna-nas/nn/teacher';
import { foldBatchNorms } from 'dna-nas/nn/weights';
import { beforeAll, describe, expect, it } from 'vitest';
import spacePlainConvolution from '../../examples/custom-search-space/space-plain-convolution.js';
import { drawArchitecture, sumPrices } from './architectures.js';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const NETWORK = { image: { height: 30, width: 28, channels: 1 }, classes: 7 };

const TABLE: LayeredSpaceOptions = {
  name: 'test',
  blocks: [{ stride: 1, cells: [{ layers: 2, channels: 8 }] }],
  operations: ['k3', 'k5'],
  createOperation: (operation, shape) => new MBConv({ ...shape, kernel: Number(operation[1]), expansion: 1 }),
  createStem: (inputChannels) => new Stem({ inputChannels, outputChannels: 8 }),
  createHead: (inputChannels, options) => new ClassifierHead({ ...options, inputChannels, channels: 16 }),
};

onCpu();

describe('a network of several blocks', () => {
  const space = layeredSpace({
    ...TABLE,
    blocks: [...TABLE.blocks, { stride: 2, cells: [{ layers: 1, channels: 12 }] }],
  });
  const create = () =>
    space.createNetwork(space.parseArchitecture('8: k3 k5 | 12: k3'), NETWORK).initialise(randomStream(3));

  it('tells the maps behind its blocks, from one pass', () => {
    const network = create();
    if (!isStagedModule(network)) throw new Error('A layered network has stages.');
    const parts = [...network.children().values()];
    const x = tf.randomNormal<tf.Rank.R4>([2, 30, 28, 1], 0, 1, 'float32', 5);
    const expected = tf.tidy(() => {
      let map: tf.Tensor = x;
      return parts.map((part) => {
        map = part.forward(map, EVALUATE);
        return map;
      });
    });
    const found = [network.features(x, EVALUATE, [0, 1]), network.features(x, EVALUATE, [1])];
    // Stem, two layers, one layer, head.
    expect(found[0]!.map((map) => Array.from(map.dataSync()))).toEqual(
      [2, 3].map((part) => Array.from(expected[part]!.dataSync())),
    );
    expect(Array.from(found[1]![0]!.dataSync())).toEqual(Array.from(expected[3]!.dataSync()));
    expect(network.stageShapes(NETWORK.image)).toEqual(
      [2, 3].map((part) => {
        const [, height, width, channels] = expected[part]!.shape;
        return { height, width, channels };
      }),
    );
    // What it puts out for its own map behind a stage is what it puts out for the image.
    const output = Array.from(expected.at(-1)!.dataSync());
    for (const stage of [0, 1]) {
      const answer = network.forwardFrom!(found[0]![stage]!, EVALUATE, stage);
      expect(Array.from(answer.dataSync())).toEqual(output);
      answer.dispose();
    }
    expect(() => network.forwardFrom!(found[0]![1]!, EVALUATE, 2)).toThrow(/from 0 to 1/);
    expect(() => network.features(x, EVALUATE, [2])).toThrow(/from 0 to 1/);
    expect(() => network.features(x, EVALUATE, [1, 0])).toThrow(/rising/);
    tf.dispose([x, expected, found]);
    network.dispose();
  });
});

describe('the example space of plain convolutions', () => {
  let space: SearchSpace;
  beforeAll(async () => {
    space = await answer(spacePlainConvolution(), 'resolveSpace');
  });

  it('prices what is counted on the assembled network', () => {
    for (let index = 0; index < 30; index++) {
      const architecture = drawArchitecture(space, randomStream(5).fork(index));
      const { macs, params } = space.createNetwork(architecture, NETWORK).cost(NETWORK.image);
      expect(sumPrices(space, architecture, NETWORK)).toEqual({ macs, params });
    }
  });

  it('reads back what it writes, in a form for people', () => {
    const architecture = [
      { cell: 1, path: [0, 2] },
      { cell: 0, path: [1] },
      { cell: 1, path: [0, 0] },
    ];
    expect(space.formatArchitecture(architecture)).toBe('16: k3 k5 | 24: k3d2 | 32: k3 k3');
    expect(space.parseArchitecture(' 16:  k3 k5|24: k3d2 |32: k3 k3 ')).toEqual(architecture);
  });

  it.each([
    ['16: k3 | 24: k3', /it has 2 blocks, the space has 3/],
    ['16 k3 | 24: k3 | 32: k3', /block 1 is "16 k3"/],
    ['16: k3 | 24: k3 k3 k3 | 32: k3', /block 2 is 3×24 .*, known are 1×24 or 2×24/],
    ['16: k3 | 24: k3 | 32: k9', /block 3, layer 1 is "k9", known are k3, k3d2 or k5/],
  ])('says where "%s" leaves it', (text, message) => {
    expect(() => space.parseArchitecture(text)).toThrow(message);
  });

  it('runs: images to logits, without leaving tensors behind', () => {
    const architecture = space.parseArchitecture('16: k3 k5 | 24: k3d2 | 32: k3 k3');
    const network = space.createNetwork(architecture, NETWORK).initialise(randomStream(1));
    const images = tf.ones([2, 30, 28, 1]);
    const logits = network.forward(images, { mode: 'evaluate' });
    expect(logits.shape).toEqual([2, 7]);
    tf.dispose([images, logits]);
    network.dispose();
  });
});

describe('layeredSpace', () => {
  it('counts the stem’s stride into the first block', () => {
    expect(layeredSpace(TABLE).blocks[0]!.stride).toBe(2);
    const still = {
      ...TABLE,
      createStem: (inputChannels: number) => new Stem({ inputChannels, outputChannels: 8, stride: 1 }),
    };
    expect(layeredSpace(still).blocks[0]!.stride).toBe(1);
  });

  it('makes operations once for a table of prices, however many candidates are priced', () => {
    let made = 0;
    const space = layeredSpace({
      ...TABLE,
      createOperation(operation, shape) {
        made++;
        return TABLE.createOperation(operation, shape);
      },
    });
    const price = () => space.priceBlock(0, { cell: 0, path: [1, 0] }, NETWORK.image);
    const first = price();
    for (let index = 0; index < 50; index++) expect(price()).toEqual(first);
    // Its two layers have the same two operations on maps of one shape.
    expect(made).toBe(2);
  });

  it('builds networks whose batch norms fold away', () => {
    const network = layeredSpace(TABLE).createNetwork([{ cell: 0, path: [1, 0] }], NETWORK) as Module;
    network.initialise(randomStream(1));
    const folded = foldBatchNorms(network);
    const images = tf.randomNormal([2, 30, 28, 1], 0, 1, 'float32', 2);
    const expected = network.forward(images, EVALUATE);
    const found = folded.forward(images, EVALUATE);
    const largest = tf.tidy(() => tf.max(tf.abs(tf.sub(found, expected))).dataSync()[0]);
    expect(largest).toBeLessThan(1e-5);
    expect([...folded.tensors().keys()].some((name) => name.includes('running_mean'))).toBe(false);
    tf.dispose([images, expected, found]);
    network.dispose();
    folded.dispose();
  });

  it('takes operations of their own for each layer', () => {
    const space = layeredSpace({
      ...TABLE,
      operations: ({ layer }) => (layer === 0 ? ['k3', 'k5'] : ['k7']),
    });
    expect(space.blocks[0]!.cells[0]!.layers).toEqual([['k3', 'k5'], ['k7']]);
    expect(space.formatArchitecture([{ cell: 0, path: [1, 0] }])).toBe('8: k5 k7');
  });

  it('lets drop-connect rise from layer to layer, and only when asked', () => {
    const rates: number[] = [];
    const space = layeredSpace({
      ...TABLE,
      createOperation(operation, shape) {
        rates.push(shape.dropConnect);
        return TABLE.createOperation(operation, shape);
      },
    });
    space.createNetwork([{ cell: 0, path: [0, 0] }], { ...NETWORK, dropConnect: 0.2 });
    space.createOperation({ block: 0, cell: 0, layer: 1 }, 0, { inputChannels: 8, outputChannels: 8 });
    expect(rates).toEqual([0, 0.1, 0]);
  });

  it('knows equal networks and depth where it is told, of its own architectures alone', () => {
    expect(layeredSpace(TABLE)).toMatchObject({ canonical: undefined, depth: undefined });
    const space = layeredSpace({
      ...TABLE,
      canonical: ([choice]) => [{ cell: 0, path: [...choice!.path].sort() }],
      depth: ([choice]) => choice!.path.filter((operation) => operation > 0).length,
    });
    expect(space.canonical!([{ cell: 0, path: [1, 0] }])).toEqual([{ cell: 0, path: [0, 1] }]);
    expect(space.depth!([{ cell: 0, path: [1, 0] }])).toBe(1);
    expect(() => space.canonical!([{ cell: 0, path: [1] }])).toThrow(/block 1 has 1 layer where/);
    expect(() => space.depth!([])).toThrow(/it has 0 blocks/);
  });

  it('refuses tables that cannot work', () => {
    const make = (change: Partial<LayeredSpaceOptions>) => () => layeredSpace({ ...TABLE, ...change });
    expect(make({ blocks: [] })).toThrow(/it has no blocks/);
    expect(make({ blocks: [{ stride: 1, cells: [] }] })).toThrow(/block 1 has no cells/);
    expect(make({ blocks: [{ stride: 1, cells: [{ layers: 0, channels: 8 }] }] })).toThrow(/0×8/);
    expect(make({ operations: ['a b'] })).toThrow(/"a b" of layer 1 of block 1/);
    expect(make({ operations: ['k3', 'k3'] })).toThrow(/"k3" of layer 1 of block 1 stands twice/);
    expect(make({ operations: [] })).toThrow(/layer 1 of block 1 has no operations/);
  });

  it('refuses operations of one layer that put out different shapes', () => {
    const space = layeredSpace({
      ...TABLE,
      createOperation: (operation, { inputChannels, outputChannels }) =>
        new Conv2d({ inputChannels, outputChannels, kernel: 3, stride: operation === 'k5' ? 2 : 1 }),
    });
    expect(() => space.priceBlock(0, { cell: 0, path: [0, 0] }, NETWORK.image)).toThrow(
      /"k5" and "k3" of layer 1 put out different shapes/,
    );
  });
});
