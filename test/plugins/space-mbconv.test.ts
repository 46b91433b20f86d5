import { randomStream } from 'dna-nas/core';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawArchitecture, sumPrices } from './architectures.js';
import { answer } from './plugin-run.js';
import { PUBLISHED } from './published.js';

const IMAGE = { height: 224, width: 224, channels: 3 };
const NETWORK = { image: IMAGE, classes: 1000 };
const SMALL = {
  kernels: [3, 5],
  expansions: [2, 4],
  squeezeExcite: 0,
  stem: { channels: 8, stride: 2, separable: 0 },
  blocks: [
    {
      stride: 1,
      cells: [
        { layers: 1, channels: 16 },
        { layers: 2, channels: 8 },
      ],
    },
    { stride: 2, cells: [{ layers: 2, channels: 24 }] },
  ],
  head: 64,
};

let space: SearchSpace;
beforeAll(async () => {
  space = await answer(spaceMbconv(), 'resolveSpace');
});

describe('the paper’s space', () => {
  it('has six blocks and 16 cells of six operations', () => {
    expect(space.blocks.map(({ stride }) => stride)).toEqual([4, 2, 2, 1, 2, 1]);
    expect(space.blocks.flatMap(({ cells }) => cells)).toHaveLength(16);
    expect(space.blocks[0]!.cells[0]!.layers[0]).toEqual(['k3e3', 'k3e6', 'k5e3', 'k5e6', 'k7e3', 'k7e6']);
    const networks = space.blocks.map(({ cells }) =>
      cells.reduce((sum, { layers }) => sum + 6 ** layers.length, 0),
    );
    expect(networks.reduce((product, count) => product * count, 1) / 1e17).toBeCloseTo(2, 0);
  });

  it('scales networks, within the space and without', () => {
    const count = (text: string) => space.planNetwork!(text).create(NETWORK).cost(NETWORK.image).params;
    expect(count('dna-c @ w2 d3.1')).toBe(64_895_312);
    expect(count('dna-c-scaled')).toBe(64_895_312);
    const scaled = space.scaleText!(PUBLISHED[2]!.text, { width: 2, depth: 3.1 });
    expect(count(scaled)).toBe(64_895_312);
    const { text } = space.planNetwork!(scaled);
    expect(space.planNetwork!(text).text).toBe(text);
    expect(count('dna-c @ w1 d1')).toBe(5_273_896);
    expect(() => count('dna-c @ w2')).toThrow(/cannot be read/);
  });

  it.each(PUBLISHED)('holds $name with its published counts', ({ name, text, params, macs }) => {
    expect(space.parseArchitecture(name.toLowerCase())).toEqual(space.parseArchitecture(text));
    const architecture = space.parseArchitecture(text);
    const cost = space.createNetwork(architecture, NETWORK).cost(IMAGE);
    expect(cost).toEqual({ output: { height: 1, width: 1, channels: 1000 }, macs, params });
    expect(sumPrices(space, architecture, NETWORK)).toEqual({ macs, params });
  });

  it('prices block 6 differently after 160 and 192 channels, by 165,512 parameters', () => {
    const price = (channels: number) => {
      const { costs } = space.priceBlock(5, { cell: 0, path: [1] }, { height: 7, width: 7, channels });
      return costs.params!;
    };
    expect(price(192) - price(160)).toBe(165_512);
  });

  it('prices what is counted on the assembled network, for drawn networks', () => {
    for (let index = 0; index < 40; index++) {
      const architecture = drawArchitecture(space, randomStream(7).fork(index));
      const { macs, params } = space.createNetwork(architecture, NETWORK).cost(IMAGE);
      expect(sumPrices(space, architecture, NETWORK)).toEqual({ macs, params });
    }
  });

  it('reads back what it writes', () => {
    for (let index = 0; index < 100; index++) {
      const architecture = drawArchitecture(space, randomStream(11).fork(index));
      expect(space.parseArchitecture(space.formatArchitecture(architecture))).toEqual(architecture);
    }
  });

  it('builds networks with timm’s tensor names', () => {
    const network = space.createNetwork(space.parseArchitecture(PUBLISHED[0]!.text), NETWORK);
    const names = [...network.tensors().keys()];
    expect(names).toEqual(
      expect.arrayContaining([
        'conv_stem.weight',
        'blocks.0.0.conv_dw.weight',
        'blocks.1.0.conv_pwl.weight',
        'blocks.6.0.se.conv_reduce.bias',
        'classifier.weight',
      ]),
    );
  });
});

describe('other tables', () => {
  it('prices what is counted without separable layer and squeeze-and-excitation', async () => {
    const small = await answer(spaceMbconv(SMALL), 'resolveSpace');
    const network = { image: { height: 28, width: 28, channels: 1 }, classes: 10 };
    for (let index = 0; index < 30; index++) {
      const architecture = drawArchitecture(small, randomStream(3).fork(index));
      const { macs, params } = small.createNetwork(architecture, network).cost(network.image);
      expect(sumPrices(small, architecture, network)).toEqual({ macs, params });
      expect(small.parseArchitecture(small.formatArchitecture(architecture))).toEqual(architecture);
    }
  });

  it('refuses a block with the same cell twice and an even kernel', async () => {
    const cells = [
      { layers: 2, channels: 8 },
      { layers: 2, channels: 8 },
    ];
    await expect(answer(spaceMbconv({ blocks: [{ stride: 1, cells }] }), 'resolveSpace')).rejects.toThrow(
      /block 1 has the same cell twice \(2×8, 2×8\)/,
    );
    expect(() => spaceMbconv({ kernels: [4] })).toThrow(/kernels/);
  });
});

describe('texts outside the space', () => {
  const text = PUBLISHED[0]!.text;
  it.each([
    [
      'a missing block',
      text.split(' | ').slice(0, -1).join(' | '),
      /5 blocks behind the stem, the space has 6/,
    ],
    ['an empty part', text.replace(' | ', ' | | '), /part 2 between the bars is empty/],
    [
      'an unknown operation',
      text.replace('ir_r1_k5_s2_e3_c24', 'xy_r1_k5_s2_e3_c24'),
      /"xy" is not an operation/,
    ],
    [
      'another kernel',
      text.replace('k5_s2_e3_c24', 'k9_s2_e3_c24'),
      /block 1, layer 1 is k9e3, known are k3e3/,
    ],
    ['another width', text.replace('k3_s1_e6_c320', 'k3_s1_e6_c300'), /block 6 is 1×300 .* known are 1×320/],
    ['another stride', text.replace('k5_s1_e6_c96', 'k5_s2_e6_c96'), /block 4, layer 1 has stride 2/],
    ['mixed channels', text.replace('k3_s1_e3_c24', 'k3_s1_e3_c32'), /block 1, layer 2 has channels 32/],
    ['another squeeze', text.replace('c320_se0.25', 'c320_se0.5'), /block 6, layer 1 has squeezeExcite 0.5/],
    ['another stem', text.replace('c16_se0.25', 'c24_se0.25'), /behind the stem stands ds_r1_k3_s1_e1_c24/],
  ])('names %s', (_, changed, message) => {
    expect(() => space.parseArchitecture(changed)).toThrow(message);
  });

  it('refuses architectures that are not of its form', () => {
    const architecture = space.parseArchitecture(text);
    const change = (block: number, choice: { cell: number; path: number[] }) => () =>
      space.formatArchitecture(architecture.map((old, index) => (index === block ? choice : old)));
    expect(change(0, { cell: 3, path: [0, 0] })).toThrow(/block 1 takes cell 3 of 3/);
    expect(change(1, { cell: 0, path: [0] })).toThrow(/block 2 has 1 layer where its cell has 2/);
    expect(change(2, { cell: 0, path: [0, 6] })).toThrow(/block 3, layer 2 takes operation 6 of 6/);
    expect(() => space.formatArchitecture(architecture.slice(1))).toThrow(/it has 5 blocks, the space has 6/);
  });
});
