import { randomStream } from 'dna-nas/core';
import type {
  Block,
  CellRequest,
  CellSupernet,
  FeatureShape,
  ForwardContext,
  SearchSpace,
  Supernet,
} from 'dna-nas/core/contracts';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { squaredError, withoutGradient } from 'dna-nas/nn/ops';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { KeptStatistics } from 'dna-nas/nn/training';
import { bestCandidates, CellChain } from 'dna-nas/plugins/distill';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { beforeAll, describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const IMAGE: FeatureShape = { height: 8, width: 8, channels: 1 };
const MIDDLE: FeatureShape = { height: 4, width: 4, channels: 6 };
const LAST: FeatureShape = { height: 2, width: 2, channels: 5 };
const BLOCKS: Block[] = [
  { index: 0, name: 'block 1', inputStage: -1, outputStage: 0, input: IMAGE, output: MIDDLE },
  { index: 1, name: 'block 2', inputStage: 0, outputStage: 1, input: MIDDLE, output: LAST },
];
/** Two paths of one cell of block 1 that share their second layer, and one of the other cell. */
const EARLIER = [
  {
    block: 0,
    candidates: [
      { cell: 1, path: [0, 1] },
      { cell: 0, path: [1] },
      { cell: 1, path: [1, 1] },
    ],
  },
];
const TASK = { block: 1, cell: 0, earlier: EARLIER };
const BATCH = 6;
const TRAIN: ForwardContext = { mode: 'train', random: randomStream('draws') };

let space: SearchSpace;
let supernet: Supernet;
const create = (frozen: boolean) => new CellChain({ blocks: BLOCKS, space, supernet }, TASK, { frozen });
const opened = (frozen: boolean) => create(frozen).initialise(randomStream('chain'));

/** The chain of cells some of whose methods are others. */
function chainOf(frozen: boolean, changes: (cell: CellSupernet) => Partial<CellSupernet>): CellChain {
  const createCell = (request: CellRequest) => {
    const cell = supernet.createCell(request);
    return Object.assign(cell, changes(cell));
  };
  return new CellChain({ blocks: BLOCKS, space, supernet: { ...supernet, createCell } }, TASK, { frozen });
}

beforeAll(async () => {
  const cells = (...table: [layers: number, channels: number][]) =>
    table.map(([layers, channels]) => ({ layers, channels }));
  const options = {
    ...{ kernels: [3, 5], expansions: [2], stem: { channels: 4, stride: 2, separable: 0 }, head: 8 },
    blocks: [
      { stride: 1, cells: cells([1, 4], [2, 4]) },
      { stride: 2, cells: cells([2, 4], [1, 4]) },
    ],
  };
  space = await answer(spaceMbconv(options), 'resolveSpace');
  supernet = await answer(supernetMultiCell(), 'resolveSupernet');
});

onCpu();

function map(name: string, { height, width, channels }: FeatureShape): tf.Tensor4D {
  const random = randomStream('maps').fork(name);
  const values = Float32Array.from({ length: BATCH * height * width * channels }, () => random.normal());
  return tf.tensor4d(values, [BATCH, height, width, channels]);
}

const parametersOf = (chain: CellSupernet, path: readonly number[]) =>
  new Map([...chain.pathTensors(path)].filter(([, { role }]) => role === 'parameter'));

describe.each([
  ['trained', false],
  ['frozen', true],
] as const)('a cell behind blocks that are %s', (_, frozen) => {
  it('has the paths of the earlier blocks as operations of a layer before its own', () => {
    expect(create(frozen).choices).toEqual([3, 2, 2]);
  });

  it('puts out what the cells make of each other’s features', () => {
    const chain = opened(frozen);
    const image = map('image', IMAGE);
    const first = supernet.createCell({ space, block: BLOCKS[0]!, cell: 1 });
    first.initialise(randomStream('chain').fork('earlier.b1.c2'));
    const own = supernet.createCell({ space, block: BLOCKS[1]!, cell: 0 });
    own.initialise(randomStream('chain'));
    const [found, expected] = tf.tidy(() => [
      chain.forward(image, [2, 1, 0], TRAIN).dataSync(),
      own.forward(first.forward(image, [1, 1], CALIBRATE), [1, 0], TRAIN).dataSync(),
    ]);
    expect(found).toEqual(expected);
    for (const part of [chain, first, own]) part.dispose();
    image.dispose();
  });

  it('puts out layer by layer what it does as a whole, its own entrance before the first own layer', () => {
    const chain = chainOf(frozen, (cell) => {
      const entrance = cell.entrance.bind(cell);
      return {
        entrance: (...given: Parameters<typeof entrance>) => tf.tidy(() => tf.mul(entrance(...given), 2)),
      };
    }).initialise(randomStream('chain'));
    const image = map('image', IMAGE);
    const path = [1, 0, 1];
    const [whole, inLayers] = tf.tidy(() => [
      chain.forward(image, path, TRAIN).dataSync(),
      path
        .reduce((x, operation, layer) => chain.layer(layer, operation, x, TRAIN), chain.entrance(image))
        .dataSync(),
    ]);
    expect(inLayers).toEqual(whole);
    chain.dispose();
    image.dispose();
  });

  it('keeps of the earlier blocks what is trained of them', () => {
    const chain = opened(frozen);
    const earlier = [...chain.tensors().keys()].filter((name) => name.startsWith('earlier.'));
    const cells = new Set(earlier.map((name) => name.split('.').slice(0, 3).join('.')));
    expect([...cells].sort()).toEqual(frozen ? [] : ['earlier.b1.c1', 'earlier.b1.c2']);
    expect(earlier.filter((name) => name.includes('layers.1.operations.0'))).toEqual([]);
    chain.dispose();
  });

  it('has the statistics of a path in its layer, and those of the own entrance in the first own layer', () => {
    const chain = opened(frozen);
    const own = supernet.createCell({ space, block: BLOCKS[1]!, cell: 0 });
    const names = (...tensors: ReadonlyMap<string, unknown>[]) => tensors.flatMap((map) => [...map.keys()]);
    expect(names(chain.buffers(-1, 0))).toEqual([]);
    for (const path of [0, 1, 2]) {
      const roles = [...chain.buffers(0, path).values()].map(({ role }) => role);
      expect(new Set(roles)).toEqual(new Set(['buffer']));
    }
    expect(names(chain.buffers(1, 1))).toEqual(names(own.buffers(-1, 0), own.buffers(0, 1)));
    expect(names(chain.buffers(2, 0))).toEqual(names(own.buffers(1, 0)));
    const [tensor] = own.buffers(0, 0).values();
    const told = chainOf(frozen, () => ({ buffers: (...place) => new Map([[place.join(), tensor!]]) }));
    expect(names(told.buffers(1, 1))).toEqual(['-1,0', '0,1']);
    expect(names(told.buffers(2, 0))).toEqual(['1,0']);
    for (const part of [chain, own, told]) part.dispose();
  });

  it('costs what its parts cost on average', () => {
    const macs = (block: number, cell: number) =>
      supernet.createCell({ space, block: BLOCKS[block]!, cell }).meanMacs();
    expect(create(frozen).meanMacs()).toBeCloseTo((2 * macs(0, 1) + macs(0, 0)) / 3 + macs(1, 0), 6);
  });

  it('keeps maps of what it trains, of an earlier block those of the widest cell', () => {
    const kept = (block: number, cell: number) =>
      supernet.createCell({ space, block: BLOCKS[block]!, cell }).activations!();
    const earlier = frozen ? 0 : Math.max(kept(0, 0), kept(0, 1));
    expect(kept(0, 0)).not.toBe(kept(0, 1));
    expect(create(frozen).activations()).toBe(earlier + kept(1, 0));
    const silent = chainOf(frozen, () => ({ activations: undefined }) as Partial<CellSupernet>);
    expect(silent.activations()).toBe(0);
    silent.dispose();
  });
});

describe('gradients', () => {
  const PATH = [0, 1, 0];
  const loss = (chain: CellSupernet, image: tf.Tensor, target: tf.Tensor) =>
    squaredError(chain.forward(image, PATH, TRAIN), target);

  it('of a trained chain are finite differences through all blocks', () => {
    const chain = opened(false);
    const [image, target] = [map('image', IMAGE), map('target', LAST)];
    const parameters = parametersOf(chain, PATH);
    const found = gradients(() => loss(chain, image, target), parameters);
    const measured = (name: string) => {
      const tensor = parameters.get(name)!;
      const before = tensor.value.dataSync().slice() as Float32Array;
      const slope = found.gradients.get(name)!.dataSync() as Float32Array;
      const index = slope.reduce(
        (best, entry, at) => (Math.abs(entry) > Math.abs(slope[best]!) ? at : best),
        0,
      );
      const at = (by: number) => {
        const moved = before.slice();
        moved[index] = moved[index]! + by;
        tensor.set(moved);
        return tf.tidy(() => loss(chain, image, target).dataSync()[0]!);
      };
      const difference = (at(1e-2) - at(-1e-2)) / 2e-2;
      tensor.set(before);
      return { difference, gradient: slope[index]! };
    };
    // A bias before a batch norm has no gradient, filters have.
    const names = [...parameters].filter(([, { shape }]) => shape.length === 4).map(([name]) => name);
    const own = names.filter((name) => !name.startsWith('earlier.'));
    const earlier = names.filter((name) => name.startsWith('earlier.'));
    for (const name of [earlier[0]!, earlier.at(-1)!, own[0]!, own.at(-1)!]) {
      const { difference, gradient } = measured(name);
      expect(Math.abs(gradient), name).toBeGreaterThan(1e-4);
      expect(Math.abs(difference / gradient - 1), name).toBeLessThan(0.03);
    }
    disposeGradients(found);
    chain.dispose();
    tf.dispose([image, target]);
  });

  it('of a frozen chain are those of its own cell alone on the same input', () => {
    const chain = opened(true);
    const [image, target] = [map('image', IMAGE), map('target', LAST)];
    const first = supernet.createCell({ space, block: BLOCKS[0]!, cell: 1 });
    first.initialise(randomStream('chain').fork('earlier.b1.c2'));
    const own = supernet.createCell({ space, block: BLOCKS[1]!, cell: 0 });
    own.initialise(randomStream('chain'));
    const input = first.forward(image, [0, 1], CALIBRATE);
    const found = gradients(() => loss(chain, image, target), parametersOf(chain, PATH));
    const alone = gradients(
      () => squaredError(own.forward(input, PATH.slice(1), TRAIN), target),
      parametersOf(own, PATH.slice(1)),
    );
    const values = ({ gradients: all }: typeof found) =>
      [...all].map(([name, gradient]) => [name, [...gradient.dataSync()]]);
    expect(values(found)).toEqual(values(alone));
    for (const result of [found, alone]) disposeGradients(result);
    for (const part of [chain, first, own]) part.dispose();
    tf.dispose([image, target, input]);
  });

  it('stop where they are told to', () => {
    const x = tf.tensor1d([2, 3]);
    const slope = tf.grad((y: tf.Tensor) =>
      tf.sum(
        tf.mul(
          y,
          withoutGradient(y, (z) => tf.square(z)),
        ),
      ),
    );
    const found = slope(x);
    expect([...found.dataSync()]).toEqual([4, 9]);
    tf.dispose([x, found]);
  });
});

it('statistics that are kept are the mean of all batches', () => {
  const statistics = new KeptStatistics();
  const buffer = supernet.createCell({ space, block: BLOCKS[1]!, cell: 1 }).initialise(randomStream(1));
  const tensors = [...buffer.buffers(0, 0).values()];
  const before = tensors.map(({ value }) => [...value.dataSync()]);
  statistics.restore(tensors);
  expect(tensors.map(({ value }) => [...value.dataSync()])).toEqual(before);
  for (const level of [1, 2, 6]) {
    for (const tensor of tensors) tensor.set(new Float32Array(tensor.size).fill(level));
    statistics.add(tensors);
  }
  statistics.restore(tensors);
  for (const { value } of tensors) for (const entry of value.dataSync()) expect(entry).toBeCloseTo(3, 6);
  statistics.dispose();
  buffer.dispose();
});

it('the best candidates are those of all cells of the block, ties in order, none that is no number before them', () => {
  const ratings = [
    { block: 0, cell: 0, choices: [2, 2], values: Float64Array.of(0.5, Number.NaN, 0.2, 0.4) },
    { block: 0, cell: 1, choices: [2], values: Float64Array.of(0.4, 0.1) },
    { block: 1, cell: 0, choices: [2], values: Float64Array.of(0, 0) },
  ];
  for (const some of [ratings, ratings.toReversed()])
    expect(bestCandidates(some, 0, 4)).toEqual([
      { cell: 1, path: [1] },
      { cell: 0, path: [1, 0] },
      { cell: 0, path: [1, 1] },
      { cell: 1, path: [0] },
    ]);
  expect(bestCandidates(ratings, 0, 9).at(-1)).toEqual({ cell: 0, path: [0, 1] });
  expect(bestCandidates(ratings, 1, 2).map(({ path }) => path)).toEqual([[0], [1]]);
});
