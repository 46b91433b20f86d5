import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { randomStream } from 'dna-nas/core';
import type { Block, CellSupernet, SearchSpace } from 'dna-nas/core/contracts';
import { EVALUATE, type Module, tf } from 'dna-nas/nn';
import { gradients } from 'dna-nas/nn/optimisers';
import { foldBatchNorms, loadStateDict } from 'dna-nas/nn/weights';
import { spaceNasBenchMacro } from 'dna-nas/plugins/space-nas-bench-macro';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashedImages, hashedWeights } from '../conformance/hashed-tensors.js';
import { sumPrices } from './architectures.js';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const IMAGE = { height: 32, width: 32, channels: 3 };
const NETWORK = { image: IMAGE, classes: 10 };
const golden = (file: string) =>
  readFileSync(new URL(`../golden/nas-bench-macro/${file}`, import.meta.url), 'utf8');

/** What PyTorch makes of a network (scripts/nas-bench-macro-reference.py). */
interface Reference {
  readonly architecture: string;
  readonly params: number;
  readonly macs: number;
  /** Logits of two images by running statistics, and by those of the batch. */
  readonly running: readonly (readonly number[])[];
  readonly batch: readonly (readonly number[])[];
}
const REFERENCES = JSON.parse(golden('networks.json')) as Reference[];

let space: SearchSpace;
beforeAll(async () => {
  space = await answer(spaceNasBenchMacro(), 'resolveSpace');
});

onCpu();

/** The texts of all networks, in order. */
function allTexts(): string[] {
  return Array.from({ length: 3 ** 8 }, (_, index) => index.toString(3).padStart(8, '0'));
}

describe('the table', () => {
  it('is three stages of one cell with 9, 27 and 27 candidates', () => {
    expect(space.blocks.map(({ stride }) => stride)).toEqual([2, 2, 2]);
    expect(space.blocks.map(({ cells }) => cells.map(({ channels }) => channels))).toEqual([
      [64],
      [128],
      [256],
    ]);
    const candidates = space.blocks.map(({ cells }) =>
      cells[0]!.layers.reduce((product, operations) => product * operations.length, 1),
    );
    expect(candidates).toEqual([9, 27, 27]);
  });

  it('costs what the benchmark says, every 80th network', () => {
    const [, ...rows] = golden('costs.csv')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rows).toHaveLength(83);
    for (const row of rows) {
      const [text, params, macs] = row.split(',') as [string, string, string];
      const architecture = space.parseArchitecture(text);
      const expected = { macs: Number(macs), params: Number(params) };
      expect(sumPrices(space, architecture, NETWORK), text).toEqual(expected);
      expect(space.createNetwork(architecture, NETWORK).cost(IMAGE), text).toMatchObject(expected);
    }
  });

  it('costs what the benchmark says, all 6,561 networks: by the SHA-256 of its table', () => {
    const hash = createHash('sha256');
    for (const text of allTexts()) {
      const { params, macs } = sumPrices(space, space.parseArchitecture(text), NETWORK);
      hash.update(`${text},${params},${macs}\n`);
    }
    expect(hash.digest('hex')).toBe('672d7cab8462f1cd347a9e2c45dd635f39fa6432d46cd736b20c0cc1033324ac');
  });
});

describe('equal networks', () => {
  it('are 3,969, each with the cost of its canonical form', () => {
    const forms = new Set<string>();
    for (const text of allTexts()) {
      const form = space.canonical!(space.parseArchitecture(text));
      forms.add(space.formatArchitecture(form));
      expect(space.canonical!(form)).toEqual(form);
    }
    expect(forms.size).toBe(3969);
  });

  it.each([
    ['22202002', '22220020', 5],
    ['01001002', '01010020', 3],
    ['00000000', '00000000', 0],
    ['00110101', '00110110', 4],
    ['22222222', '22222222', 8],
  ])('%s is %s, %i layers deep', (text, form, depth) => {
    const architecture = space.parseArchitecture(text);
    expect(space.formatArchitecture(space.canonical!(architecture))).toBe(form);
    expect(space.depth!(architecture)).toBe(depth);
  });
});

describe('a network', () => {
  it.each(REFERENCES)('$architecture computes and costs what it does in PyTorch', (reference) => {
    const { architecture, macs, params } = reference;
    const network = space.createNetwork(space.parseArchitecture(architecture), NETWORK) as Module;
    expect(network.cost(IMAGE)).toMatchObject({ macs, params });
    loadStateDict(network, hashedWeights(network));
    const folded = foldBatchNorms(network);
    const images = tf.tensor4d(hashedImages(32), [2, 32, 32, 3]);
    const running = reference.running.flat();
    expectClose(network.forward(images, EVALUATE), running);
    expectClose(folded.forward(images, EVALUATE), running);
    const train = { mode: 'train', random: randomStream(1) } as const;
    expectClose(network.forward(images, train), reference.batch.flat());
    images.dispose();
    network.dispose();
    folded.dispose();
  });
});

/** Within float32's rounding of the greatest value; disposes of what was found. */
function expectClose(found: tf.Tensor, expected: readonly number[]): void {
  const values = found.dataSync();
  found.dispose();
  const scale = Math.max(...expected.map(Math.abs));
  expect(values).toHaveLength(expected.length);
  for (const [index, value] of expected.entries())
    expect(Math.abs(values[index]! - value)).toBeLessThan(2e-5 * scale);
}

describe('a cell of the supernet', () => {
  const block = (channels: number): Block => ({
    index: 1,
    name: 'block 2',
    inputStage: 0,
    outputStage: 1,
    input: { height: 6, width: 6, channels: 20 },
    output: { height: 3, width: 3, channels },
  });
  const cellFor = async (channels: number): Promise<CellSupernet> => {
    const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
    return supernet.createCell({ space, block: block(channels), cell: 0 });
  };

  it('has an identity without tensors behind its first layer where the teacher is as wide', async () => {
    const names = [...(await cellFor(128)).tensors().keys()];
    expect(names.filter((name) => /^layers\.[12]\.operations\.0\./.test(name))).toEqual([]);
    expect(names).toContain('layers.0.operations.0.conv.weight');
  });

  it('projects to the teacher’s channels in its last layer where they differ, and only there', async () => {
    const cell = (await cellFor(40)).initialise(randomStream(3));
    const names = [...cell.tensors().keys()];
    expect(names.filter((name) => name.startsWith('layers.1.operations.0.'))).toEqual([]);
    expect(cell.tensors().get('layers.2.operations.0.conv.weight')!.shape).toEqual([1, 1, 128, 40]);
    const x = tf.randomNormal([2, 6, 6, 20], 0, 1, 'float32', 3);
    for (const path of [
      [0, 0, 0],
      [2, 0, 1],
      [1, 1, 0],
    ]) {
      const y = cell.forward(x, path, EVALUATE);
      expect(y.shape).toEqual([2, 3, 3, 40]);
      y.dispose();
    }
    x.dispose();
    cell.dispose();
  });

  it('trains every tensor of a path, identities included', async () => {
    const cell = (await cellFor(40)).initialise(randomStream(3));
    const x = tf.randomNormal([2, 6, 6, 20], 0, 1, 'float32', 3);
    const parameters = [...cell.pathTensors([0, 0, 0])].filter(([, { role }]) => role === 'parameter');
    expect(parameters.map(([name]) => name)).toEqual(
      expect.arrayContaining(['layers.0.operations.0.conv.weight', 'layers.2.operations.0.conv.weight']),
    );
    const train = { mode: 'train', random: randomStream(4) } as const;
    const loss = () => tf.tidy(() => tf.sum(tf.square(cell.forward(x, [0, 0, 0], train))) as tf.Scalar);
    const found = gradients(loss, new Map(parameters));
    for (const [name] of parameters) {
      const gradient = found.gradients.get(name)!;
      expect(gradient, name).toBeDefined();
    }
    tf.dispose([x, found.value, ...found.gradients.values()]);
    cell.dispose();
  });
});

describe('texts outside the space', () => {
  it.each([
    ['2221222', /"2221222" .*: it has 7 characters, the space has 8 layers/],
    ['', /it has 0 characters/],
    ['222122201', /it has 9 characters/],
    ['22312220', /layer 3 is "3", known are 0, 1 or 2/],
    ['2221-220', /layer 5 is "-"/],
    ['dna-a', /it has 5 characters/],
  ])('"%s" is refused', (text, message) => {
    expect(() => space.parseArchitecture(text)).toThrow(message);
    expect(() => space.planNetwork!(text)).toThrow(message);
  });

  it('reads what it writes, with space around it', () => {
    for (const text of ['22212220', '00000000', '01201201']) {
      expect(space.formatArchitecture(space.parseArchitecture(`  ${text}\n`))).toBe(text);
    }
  });
});
