import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type UserConfig } from 'dna-nas/configuration';
import type { StagedNetwork, Teacher } from 'dna-nas/core/contracts';
import { openStoredRun, openWorld } from 'dna-nas/core/run';
import type { RunSummary, World } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { CALIBRATE, type Module, tf } from 'dna-nas/nn';
import { boundaryFeatures } from 'dna-nas/nn/features';
import type { MBConv } from 'dna-nas/nn/layers';
import { BatchOrder } from 'dna-nas/nn/training';
import { loadRawState, loadStateDict } from 'dna-nas/nn/weights';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { centred, greedyChannels, leastSquares, mean, type Rows } from './plain-least-squares.js';

/** The teacher has 16 channels behind both blocks and in its head; these have fewer and more, and a larger head. */
const OTHER: UserConfig = {
  ...TINY,
  space: {
    ...(TINY.space as object),
    use: 'mbconv',
    kernels: [3],
    batchNormEpsilon: 1e-3,
    blocks: [
      { stride: 2, cells: [{ layers: 2, channels: 8 }] },
      { stride: 2, cells: [{ layers: 1, channels: 24 }] },
    ],
    head: 24,
  },
  search: { use: 'exact', limits: {} },
};

/** A training that moves no weight, so that its result shows what it started from. */
const STILL = ['retrain.learningRate.rate=1e-30', 'retrain.movingAverage=0', 'retrain.epochs=0.1'];
const SLICED = ['retrain.from=sliced', 'retrain.networks=[found]', 'distill.epochs=1', ...STILL];

let project: string;
let summary: RunSummary;
let world: World;
let teacher: Teacher;
let network: Module & StagedNetwork;

const folder = () => attachRunFolder(join(project, 'runs', 'tiny'));
const value = (name: string) => network.tensors().get(name)!.value;

beforeAll(async () => {
  project = await tinyProject();
  summary = (await run(tinyRequest(project, { config: OTHER, set: SLICED }), { inline: true }))!;
  const { run: opened } = await openStoredRun({ folder: join(project, 'runs', 'tiny'), project });
  await (await opened.resolve('resolveBackend', 'backend')).start({ workers: 1 });
  world = (await openWorld(opened)) as World;
  teacher = await world.teacher();
  const { image, classes } = world.data;
  const made = world.space.createNetwork(world.space.parseArchitecture(summary.architecture), {
    image,
    classes,
  });
  network = made as Module & StagedNetwork;
  loadStateDict(network, new Map(folder().loadResult('retrain-found')!.tensors));
});

afterAll(async () => {
  network.dispose();
  teacher.dispose();
  await world.dataset.close();
});

/** One row a position of the maps that `maps` makes of the images that fits are on. */
async function rowsOf(maps: (images: tf.Tensor4D) => tf.Tensor[]): Promise<Rows[]> {
  const order = new BatchOrder(world.random.fork('inherit'), 192, 128);
  const rows: number[][][] = [];
  for (let batch = 0; batch < 4; batch++) {
    const { images } = await world.dataset.read('train', order.indices(batch));
    tf.tidy(() => {
      maps(tf.tensor4d(images, [128, 16, 16, 1])).forEach((map, at) => {
        rows[at] ??= [];
        rows[at].push(...(tf.reshape(map, [-1, map.shape.at(-1)!]).arraySync() as number[][]));
      });
    });
  }
  return rows;
}

const teacherMap = (block: number, images: tf.Tensor4D) => {
  const { outputStage: stage, output: shape } = world.blocks[block]!;
  return boundaryFeatures(teacher, [{ stage, shape }], images)[0]!;
};

/** A cell as it was trained. */
function cellTensors(block: number, layer: number) {
  const cell = world.supernet.createCell({ space: world.space, block: world.blocks[block]!, cell: 0 });
  cell.initialise(world.random);
  loadRawState(cell.tensors(), folder().loadResult(`train-b${block + 1}-c1`)!.tensors);
  const prefix = `layers.${layer}.operations.0.`;
  const own = [...cell.tensors()].filter(([name]) => name.startsWith(prefix));
  const tensors = own.map(([name, tensor]) => {
    const data = Float32Array.from(tensor.value.dataSync());
    return [name.slice(prefix.length), { shape: tensor.shape, data }] as const;
  });
  cell.dispose();
  return new Map(tensors);
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  const scale = Math.max(...Array.from(wanted, Math.abs));
  expect(scale).toBeGreaterThan(0);
  for (let at = 0; at < wanted.length; at++)
    expect(Math.abs(found[at]! - wanted[at]!), `at ${at}`).toBeLessThan(3e-3 * scale);
}

describe('a training that starts from sliced weights', () => {
  it('is told in the summary', () => {
    expect(summary.networks.map(({ name, from }) => [name, from])).toEqual([
      ['teacher', undefined],
      ['found', 'sliced'],
    ]);
  });

  it('puts out the channels behind a block from which what reads them is told best, fitted anew', async () => {
    const blocks = network.children().get('blocks')!.children().get('0')!.children();
    const [inner, input, map] = await rowsOf((images) => {
      const stem = network.children().get('stem')!.forward(images, CALIBRATE);
      const before = blocks.get('0')!.forward(stem, CALIBRATE);
      return [(blocks.get('1') as MBConv).inner(before, CALIBRATE), before, teacherMap(0, images)];
    });
    const chosen = greedyChannels(map!, readersOf(cellTensors(1, 0)), 8);
    // The layer is residual in the network, and was not in the supernet.
    const left = map!.map((row, at) => chosen.map((channel, place) => row[channel]! - input![at]![place]!));
    expectClose(
      value('blocks.0.1.bn3.bias').dataSync(),
      chosen.map((_, at) => mean(left, at)),
    );
    const { weights } = leastSquares(inner!, left);
    expectClose(value('blocks.0.1.conv_pwl.weight').dataSync(), weights.flat());
    const fitted = centred(inner!).map((row) => product([row], weights)[0]!);
    const spread = chosen.map((_, at) =>
      Math.sqrt(
        mean(
          fitted.map((row) => [row[at]! ** 2]),
          0,
        ) + 1e-3,
      ),
    );
    expectClose(value('blocks.0.1.bn3.weight').dataSync(), spread);
  });

  it('reads them by the least-squares map to the teacher’s', async () => {
    const [found, map] = await rowsOf((images) => [
      network.features(images, CALIBRATE, [0])[0]!,
      teacherMap(0, images),
    ]);
    const trained = matrixOf(cellTensors(1, 0).get('conv_pw.weight')!);
    const folded = product(leastSquares(found!, map!).weights, trained);
    const own = matrixOf({ shape: [8, 16], data: value('blocks.1.0.conv_pw.weight').dataSync() });
    // Sixteen of the 32 inner channels are kept, in their order.
    const places = columnsOf(own).map((column) => nearestColumn(folded, column));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    expectClose(
      own.flat(),
      folded.flatMap((row) => places.map((place) => row[place]!)),
    );
  });

  it('has new channels that nothing reads yet', async () => {
    const [found, map] = await rowsOf((images) => [
      network.features(images, CALIBRATE, [1])[0]!,
      teacherMap(1, images),
    ]);
    const head = (await world.teacher()).rest!(world.blocks[1]!.outputStage);
    const [convolution, classifier] = ['conv_head.weight', 'classifier.weight'].map((name) => {
      const { shape, value: own } = head.tensors().get(name)!;
      return matrixOf({ shape, data: own.dataSync() });
    });
    head.dispose();
    const folded = product(leastSquares(found!, map!).weights, convolution!);
    const own = matrixOf({ shape: [24, 24], data: value('conv_head.weight').dataSync() });
    expectClose(
      own.flatMap((row) => row.slice(0, 16)),
      folded.flat(),
    );
    const rows = matrixOf({ shape: [24, 4], data: value('classifier.weight').dataSync() });
    expectClose(rows.slice(0, 16).flat(), classifier!.flat());
    expect(Math.max(...rows.slice(16).flat().map(Math.abs))).toBeLessThan(1e-12);
    expect(Math.max(...own.flatMap((row) => row.slice(16)).map(Math.abs))).toBeGreaterThan(0.01);
  });
});

/** Rows of a tensor [.., inputs, outputs]. */
function matrixOf({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }): number[][] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) =>
    Array.from({ length: width }, (_, column) => data[row * width + column]!),
  );
}

const product = (one: Rows, other: Rows) =>
  one.map((row) => other[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * other[k]![j]!, 0)));

const columnsOf = (matrix: Rows) => matrix[0]!.map((_, at) => matrix.map((row) => row[at]!));

function nearestColumn(matrix: Rows, wanted: readonly number[]): number {
  const far = columnsOf(matrix).map((column) =>
    Math.hypot(...column.map((value, at) => value - wanted[at]!)),
  );
  return far.indexOf(Math.min(...far));
}

/** How the first convolution of a layer reads each channel, as its batch norm scales that. */
function readersOf(layer: ReturnType<typeof cellTensors>): number[][] {
  const [scale, variance] = ['bn1.weight', 'bn1.running_var'].map((name) => layer.get(name)!.data);
  return matrixOf(layer.get('conv_pw.weight')!).map((row) =>
    row.map((weight, at) => (weight * scale![at]!) / Math.sqrt(variance![at]!)),
  );
}

it('layers that cannot be cut are refused by name before anything is trained', async () => {
  const other = await tinyProject();
  const example = '../../examples/custom-search-space/space-plain-convolution.ts';
  const config = {
    ...TINY,
    space: { use: fileURLToPath(new URL(example, import.meta.url)) },
    search: { use: 'exact', limits: {} },
  };
  const begun = run(tinyRequest(other, { config, set: ['retrain.from=sliced'] }), { inline: true });
  await expect(begun).rejects.toMatchObject({
    code: 'INHERITED_WEIGHTS',
    message: expect.stringContaining('only MBConv layers can, and the space has "k3", "k3d2", "k5" there'),
  });
  expect(existsSync(join(other, 'runs'))).toBe(false);
});
