import { randomStream } from 'dna-nas/core';
import type { Block, CellSupernet, ForwardContext, Network, SearchSpace } from 'dna-nas/core/contracts';
import { tf } from 'dna-nas/nn';
import { gradients } from 'dna-nas/nn/optimisers';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { beforeAll, describe, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const IMAGE = { height: 12, width: 12, channels: 1 };
const EVALUATE: ForwardContext = { mode: 'evaluate' };
/** Feature shapes of a teacher that is wider than the student. */
const BLOCKS: Block[] = [
  {
    index: 0,
    name: 'block 1',
    inputStage: -1,
    outputStage: 0,
    input: IMAGE,
    output: { height: 6, width: 6, channels: 20 },
  },
  {
    index: 1,
    name: 'block 2',
    inputStage: 0,
    outputStage: 1,
    input: { height: 6, width: 6, channels: 20 },
    output: { height: 3, width: 3, channels: 28 },
  },
];

let space: SearchSpace;
let create: (block: number, cell: number) => CellSupernet;

beforeAll(async () => {
  space = await answer(
    spaceMbconv({
      kernels: [3, 5],
      expansions: [1, 2],
      stem: { channels: 8, stride: 2, separable: 8 },
      blocks: [
        {
          stride: 1,
          cells: [
            { layers: 1, channels: 8 },
            { layers: 2, channels: 12 },
          ],
        },
        {
          stride: 2,
          cells: [
            { layers: 2, channels: 16 },
            { layers: 3, channels: 8 },
          ],
        },
      ],
      head: 32,
    }),
    'resolveSpace',
  );
  const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
  create = (block, cell) => supernet.createCell({ space, block: BLOCKS[block]!, cell });
});

onCpu();

describe('a cell', () => {
  it.each([
    [0, 0, [3]],
    [0, 1, [0, 2]],
    [1, 0, [1, 3]],
    [1, 1, [0, 1, 2]],
  ])('of block index %i, cell %i puts out the teacher’s shape', (block, number, path) => {
    const cell = create(block, number).initialise(randomStream(1));
    const { input, output } = BLOCKS[block]!;
    const x = tf.ones([2, input.height, input.width, input.channels]);
    const y = cell.forward(x, path, EVALUATE);
    expect(y.shape).toEqual([2, output.height, output.width, output.channels]);
    tf.dispose([x, y]);
    cell.dispose();
  });

  it('gives the same forward in one go as layer by layer', () => {
    const cell = create(1, 1).initialise(randomStream(2));
    const x = tf.randomNormal([2, 6, 6, 20], 0, 1, 'float32', 3);
    const whole = cell.forward(x, [3, 0, 2], EVALUATE);
    let step = cell.entrance(x, EVALUATE);
    for (const [layer, operation] of [3, 0, 2].entries()) {
      const next = cell.layer(layer, operation, step, EVALUATE);
      step.dispose();
      step = next;
    }
    expect(Array.from(step.dataSync())).toEqual(Array.from(whole.dataSync()));
    tf.dispose([x, whole, step]);
    cell.dispose();
  });

  it('shares an operation’s tensors among all paths through it, and nothing among cells', () => {
    const cell = create(1, 0);
    const one = cell.pathTensors([1, 3]);
    const other = cell.pathTensors([1, 0]);
    const shared = [...one].filter(([name]) => other.has(name));
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.every(([name]) => name.startsWith('layers.0.operations.1.'))).toBe(true);
    for (const [name, tensor] of shared) expect(other.get(name)).toBe(tensor);
    const elsewhere = create(1, 0).pathTensors([1, 3]);
    for (const [name, tensor] of one) expect(elsewhere.get(name)).not.toBe(tensor);
  });

  it('trains exactly the parameters of the path', () => {
    const cell = create(0, 1).initialise(randomStream(4));
    const path = [2, 1];
    const tensors = [...cell.pathTensors(path)].filter(([, tensor]) => tensor.role === 'parameter');
    const x = tf.randomNormal([2, 12, 12, 1], 0, 1, 'float32', 5);
    const loss = () => tf.mean(tf.square(cell.forward(x, path, { mode: 'train' }))) as tf.Scalar;
    const result = gradients(loss, new Map(tensors) as Parameters<typeof gradients>[1]);
    expect([...result.gradients.keys()].some((name) => name.startsWith('entrance.'))).toBe(true);
    expect(result.gradients.size).toBe(tensors.length);
    tf.dispose([x, result.value, ...result.gradients.values()]);
    cell.dispose();
  });

  it('names its tensors by place, entrance only in block 1', () => {
    const first = [...create(0, 0).tensors().keys()];
    expect(first).toContain('entrance.0.conv_stem.weight');
    expect(first).toContain('layers.0.operations.3.conv_dw.weight');
    expect([...create(1, 0).tensors().keys()].some((name) => name.startsWith('entrance.'))).toBe(false);
  });

  it('gives the running statistics of one operation, and of the entrance as layer −1', () => {
    const cell = create(0, 1);
    const names = [...cell.buffers(1, 2).keys()];
    expect(names).toEqual(
      [1, 2, 3].flatMap((number) =>
        ['running_mean', 'running_var'].map((name) => `layers.1.operations.2.bn${number}.${name}`),
      ),
    );
    expect([...cell.buffers(-1, 0).keys()]).toContain('entrance.0.bn1.running_mean');
    expect(create(1, 0).buffers(-1, 0).size).toBe(0);
  });

  it('draws each tensor by its own name', () => {
    const values = (cell: CellSupernet, name: string) =>
      Array.from(cell.tensors().get(name)!.value.dataSync());
    const [one, same, other] = [create(1, 0), create(1, 0), create(1, 1)].map((cell) =>
      cell.initialise(randomStream(6)),
    );
    const name = 'layers.0.operations.0.conv_pw.weight';
    expect(values(one!, name)).toEqual(values(same!, name));
    expect(values(one!, name)).toEqual(values(other!, name));
    expect(values(one!, 'layers.0.operations.2.conv_pw.weight')).not.toEqual(values(one!, name));
    for (const cell of [one, same, other]) cell!.dispose();
  });

  /** Each layer's operations with the shape that reaches them. */
  function layersOf(block: number, cell: number) {
    const { layers, channels } = space.blocks[block]!.cells[cell]!;
    let shape = space.createEntrance(block, BLOCKS[block]!.input)?.cost(BLOCKS[block]!.input).output;
    return layers.map((operations, layer) => {
      const input = shape ?? BLOCKS[block]!.input;
      const last = layer === layers.length - 1;
      const io = {
        inputChannels: input.channels,
        outputChannels: last ? BLOCKS[block]!.output.channels : channels,
      };
      const networks = operations.map((_, operation) =>
        space.createOperation({ block, cell, layer }, operation, io),
      );
      shape = networks[0]!.cost(input).output;
      return { input, networks };
    });
  }
  const EVERY_CELL = [0, 1].flatMap((block) => [0, 1].map((cell) => [block, cell] as const));

  it.each(EVERY_CELL)(
    'counts the multiply-adds of the mean path of block index %i, cell %i',
    (block, cell) => {
      const entrance =
        space.createEntrance(block, BLOCKS[block]!.input)?.cost(BLOCKS[block]!.input).macs ?? 0;
      const macs = layersOf(block, cell).map(({ input, networks }) => {
        const each = networks.map((network) => network.cost(input).macs);
        return each.reduce((sum, value) => sum + value) / each.length;
      });
      expect(create(block, cell).meanMacs()).toBe(macs.reduce((sum, value) => sum + value, entrance));
    },
  );

  it.each(EVERY_CELL)('knows what the widest path of block index %i, cell %i keeps', (block, cell) => {
    const { input } = BLOCKS[block]!;
    const entrance = space.createEntrance(block, input)?.activations?.(input) ?? 0;
    const widest = layersOf(block, cell).map(({ input, networks }) =>
      Math.max(...networks.map((network) => network.activations!(input))),
    );
    expect(create(block, cell).activations!()).toBe(widest.reduce((sum, kept) => sum + kept, entrance));
    expect(Math.min(...widest)).toBeGreaterThan(0);
  });

  it('is repeatable where its entrance and all its operations are', async () => {
    const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
    /** Whether a cell is, of a space with one network that answers so. */
    const withOne = (other: 'createEntrance' | 'createOperation', repeatable: boolean) => {
      let asked = 0;
      const create = (...words: unknown[]) => {
        const network = Reflect.apply(space[other], space, words) as Network;
        // Of the operations the sixth alone: in the second layer.
        const isIt = other === 'createEntrance' || ++asked === 6;
        return isIt ? Object.defineProperty(network, 'repeatable', { value: repeatable }) : network;
      };
      const changed = new Proxy(space, {
        get(target, name) {
          if (name === other) return create;
          const value = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return supernet.createCell({ space: changed, block: BLOCKS[0]!, cell: 1 }).repeatable;
    };
    for (const other of ['createEntrance', 'createOperation'] as const)
      expect([true, false].map((repeatable) => withOne(other, repeatable))).toEqual([true, false]);
  });

  it('fits every cell of the paper’s space between the features of B7, without a tensor', async () => {
    const paper = await answer(spaceMbconv(), 'resolveSpace');
    const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
    const shapes = [
      [224, 3],
      [56, 48],
      [28, 80],
      [14, 160],
      [14, 224],
      [7, 384],
      [7, 640],
    ].map(([extent, channels]) => ({ height: extent!, width: extent!, channels: channels! }));
    for (const [index, { cells }] of paper.blocks.entries()) {
      const [input, output] = [shapes[index]!, shapes[index + 1]!];
      const block = {
        index,
        name: `block ${index + 1}`,
        inputStage: index,
        outputStage: index + 1,
        input,
        output,
      };
      for (const cell of cells.keys()) {
        expect(supernet.createCell({ space: paper, block, cell }).meanMacs()).toBeGreaterThan(1e6);
      }
    }
  });

  it.each([
    [6, 6],
    [3, 6],
    [6, 3],
  ])('refuses a block of %i×%i, which its strides do not reach', async (height, width) => {
    const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
    const block = { ...BLOCKS[1]!, output: { height, width, channels: 28 } };
    expect(() => supernet.createCell({ space, block, cell: 0 })).toThrow(
      `Cell 1 of block 2 puts out 3×3×28, the block asks for ${height}×${width}×28`,
    );
  });

  it('refuses a path too short, an operation too many', () => {
    const cell = create(1, 0);
    expect(() => cell.pathTensors([1])).toThrow(/2 operations, not 1/);
    const { height, width, channels } = BLOCKS[1]!.input;
    const images = tf.zeros<tf.Rank.R4>([1, height, width, channels]);
    expect(() => cell.forward(images, [1], EVALUATE)).toThrow(/2 operations, not 1/);
    images.dispose();
    expect(() => cell.pathTensors([1, 4])).toThrow(/no operation 4 in layer 1/);
  });
});
