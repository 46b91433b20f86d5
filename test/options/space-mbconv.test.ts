import { randomStream } from 'dna-nas/core';
import type { NetworkTensor, SearchSpace } from 'dna-nas/core/contracts';
import { EVALUATE, tf } from 'dna-nas/nn';
import { type SpaceMbconvOptions, spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { answer } from '../plugins/plugin-run.js';

onCpu();

const IMAGE = { height: 16, width: 16, channels: 3 };
const SMALL = {
  kernels: [3],
  expansions: [2],
  stem: { channels: 8, stride: 2, separable: 0 },
  blocks: [
    { stride: 2, cells: [{ layers: 1, channels: 8 }] },
    { stride: 2, cells: [{ layers: 1, channels: 16 }] },
  ],
  head: 16,
};

const spaceOf = (options: Partial<SpaceMbconvOptions> = {}) =>
  answer(spaceMbconv({ ...SMALL, ...options } as Partial<SpaceMbconvOptions>), 'resolveSpace');

/** The network of the first operation everywhere. */
function firstNetwork(space: SearchSpace) {
  const architecture = space.blocks.map(({ cells }) => ({ cell: 0, path: cells[0]!.layers.map(() => 0) }));
  return space.createNetwork(architecture, { image: IMAGE, classes: 4 });
}

const image = () =>
  tf.tensor4d(
    Float32Array.from({ length: 2 * 16 * 16 * 3 }, (_, i) => Math.sin(i)),
    [2, 16, 16, 3],
  );

async function logits(options: Partial<SpaceMbconvOptions> = {}): Promise<number[]> {
  const network = firstNetwork(await spaceOf(options)).initialise(randomStream(2));
  const values = tf.tidy(() => Array.from(network.forward(image(), EVALUATE).dataSync()));
  network.dispose();
  return values;
}

/** A running mean after one training pass. */
async function runningMean(options: Partial<SpaceMbconvOptions>): Promise<number[]> {
  const network = firstNetwork(await spaceOf(options)).initialise(randomStream(2));
  const tensors: ReadonlyMap<string, NetworkTensor> = network.tensors();
  tf.tidy(() => {
    network.forward(image(), { mode: 'train', random: randomStream(3) });
  });
  const mean = Array.from(tensors.get('bn1.running_mean')!.value.dataSync());
  network.dispose();
  return mean;
}

const costOf = async (options: Partial<SpaceMbconvOptions> = {}) =>
  firstNetwork(await spaceOf(options)).cost(IMAGE);

describe('options of space-mbconv', () => {
  it('kernels and expansions are the operations of every layer', async () => {
    const { blocks } = await spaceOf({ kernels: [3, 7], expansions: [4, 6, 1] });
    for (const { cells } of blocks) for (const layer of cells[0]!.layers) expect(layer).toHaveLength(6);
    const text = blocks[0]!.cells[0]!.layers[0]!.join(' ');
    for (const part of ['k3', 'k7', 'e4', 'e6', 'e1']) expect(text).toContain(part);
  });

  it('innerDivisor: channels inside a layer are rounded to a multiple of it', async () => {
    const inside = async (innerDivisor?: number) => {
      const space = await spaceOf({ stem: { ...SMALL.stem, channels: 6 }, innerDivisor });
      const [part] = space.blocks[0]!.cells;
      const network = firstNetwork(space);
      const shapes = [...network.tensors()].filter(([name]) => name.endsWith('conv_dw.weight'));
      network.dispose();
      expect(part!.channels).toBe(8);
      return shapes.map(([, { shape }]) => shape[2]);
    };
    expect(await inside()).toEqual([12, 16]);
    expect(await inside(8)).toEqual([16, 16]);
    // 10 for 12 would lose more than a tenth.
    expect(await inside(10)).toEqual([20, 20]);
  });

  it('squeezeExcite: more squeezed channels are more parameters, 0 is none', async () => {
    const [none, some, more] = await Promise.all(
      [0, 0.25, 0.5].map(async (squeezeExcite) => (await costOf({ squeezeExcite })).params),
    );
    expect(some).toBeGreaterThan(none!);
    expect(more).toBeGreaterThan(some!);
  });

  it.each([
    ['activation', { activation: 'relu' }],
    ['padding', { padding: 'symmetric' }],
    ['batchNormEpsilon', { batchNormEpsilon: 0.5 }],
  ] as const)('%s changes what a network computes', async (_, options) => {
    expect(await logits(options)).not.toEqual(await logits());
  });

  it('batchNormMomentum is the share of a batch in the running statistics', async () => {
    const [slow, quick] = await Promise.all([
      runningMean({ batchNormMomentum: 0.2 }),
      runningMean({ batchNormMomentum: 0.4 }),
    ]);
    expect(Math.max(...slow.map(Math.abs))).toBeGreaterThan(0);
    slow.forEach((mean, channel) => {
      expect(quick[channel]).toBeCloseTo(2 * mean, 5);
    });
  });

  it('stem: its channels, stride and separable layer are priced', async () => {
    const plain = await costOf();
    const other = (stem: object) => costOf({ stem: { ...SMALL.stem, ...stem } });
    expect((await other({ channels: 16 })).params).toBeGreaterThan(plain.params);
    expect((await other({ stride: 1 })).macs).toBeGreaterThan(plain.macs);
    expect((await other({ separable: 8 })).params).toBeGreaterThan(plain.params);
  });

  it('blocks are the space’s, head the channels behind them', async () => {
    const space = await spaceOf();
    expect(space.blocks.map(({ cells }) => cells.map(({ channels }) => channels))).toEqual([[8], [16]]);
    expect((await costOf({ head: 64 })).params).toBeGreaterThan((await costOf()).params);
  });

  it('borders are the channels behind each block, whatever its cell', async () => {
    const cells = [
      { layers: 1, channels: 8 },
      { layers: 2, channels: 4 },
    ];
    const blocks = [
      { stride: 2, cells },
      { stride: 2, cells },
    ];
    const space = await spaceOf({ blocks, borders: [12, 20] });
    for (const [first, second] of [
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const) {
      const architecture = [first, second].map((cell) => ({ cell, path: cell === 0 ? [0] : [0, 0] }));
      const text = space.formatArchitecture(architecture);
      expect(space.parseArchitecture(text)).toEqual(architecture);
      expect([...text.matchAll(/c(\d+)_/g)].map(([, channels]) => Number(channels))).toEqual([
        ...(first === 0 ? [12] : [4, 12]),
        ...(second === 0 ? [20] : [4, 20]),
      ]);
      const network = space.createNetwork(architecture, { image: IMAGE, classes: 4 });
      const one = space.priceBlock(0, architecture[0]!, IMAGE);
      const two = space.priceBlock(1, architecture[1]!, one.output);
      const { macs, params } = network.cost(IMAGE);
      const prices = [one.costs, two.costs, space.priceHead(two.output, 4)];
      const sum = (name: string) => prices.reduce((all, costs) => all + costs[name]!, 0);
      expect({ macs, params }).toEqual({ macs: sum('macs'), params: sum('params') });
      expect([one.output.channels, two.output.channels]).toEqual([12, 20]);
    }
  });

  it('borders are one a block, and leave no two cells alike', async () => {
    await expect(spaceOf({ borders: [12] })).rejects.toMatchObject({
      code: 'SPACE_TABLE',
      message: 'space.borders has 1 numbers (12), and the space has 2 blocks.',
    });
    const alike = [
      { layers: 1, channels: 8 },
      { layers: 1, channels: 4 },
    ];
    const blocks = [{ stride: 2, cells: alike }, SMALL.blocks[1]!];
    await expect(spaceOf({ blocks, borders: [12, 16] })).rejects.toMatchObject({
      code: 'SPACE_TABLE',
      message: expect.stringContaining('the same cell twice (1×12, 1×12)'),
    });
  });
});
