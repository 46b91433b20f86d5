import { type NetworkFacts, networkToPytorch } from 'dna-nas/export';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { type Module, tf } from 'dna-nas/nn';
import { Sequential } from 'dna-nas/nn/layers';
import { scaleShift } from 'dna-nas/nn/ops';
import { stateDict } from 'dna-nas/nn/weights';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { FunctionNetwork, IMAGE, tinyNetwork, trained } from './networks.js';

onCpu();

const FACTS: NetworkFacts = {
  ...{ name: 'found', architecture: 'k3 "| k5\n\\', parameters: 1, multiplyAdds: 2, classes: 5 },
  ...{ ...IMAGE, input: '(pixels / 255 - mean) / std', version: '1.2.3' },
};

const create = () => trained(tinyNetwork());

async function written(network: () => Module = create, options: object = {}) {
  const { bytes, program } = await networkToPytorch(network, { image: IMAGE, facts: FACTS, ...options });
  const file = readSafetensors(bytes);
  return { file, tensors: toStateDict(file), program: program('weights.safetensors') };
}

describe('the file of tensors', () => {
  it('has the tensors of the network as it was trained, and what is known of it', async () => {
    const { tensors, file } = await written();
    const network = create();
    const expected = stateDict(network);
    network.dispose();
    expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { shape, data }] of expected) expect(tensors.get(name), name).toEqual({ shape, data });
    expect(Object.fromEntries(file.metadata)).toMatchObject({
      architecture: FACTS.architecture,
      classes: '5',
    });
  });

  it('has constants that are none of the tensors beside them', async () => {
    const network = () =>
      new Sequential<Module>([
        new FunctionNetwork((x) => scaleShift(x, tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6]))),
        new FunctionNetwork((x) => tf.mean(x, [1, 2])),
      ]);
    const { tensors, program } = await written(network);
    expect([...tensors].map(([name, { data }]) => [name, [...data]])).toEqual([
      ['constant', [1, 2, 3]],
      ['constant_1', [4, 5, 6]],
    ]);
    expect(program).toContain('x1 = input * t["constant"]');
    expect(program).toContain('x2 = x1 + t["constant_1"]');
  });
});

describe('the program', () => {
  it('declares every tensor with its shape, and whether it is learned', async () => {
    const { program } = await written();
    expect(program).toContain('    "0.conv_stem.weight": ((8, 3, 3, 3), True),\n');
    expect(program).toContain('    "0.bn1.running_var": ((8,), False),\n');
  });

  it('is the operations of the network, a line each, under the names of their layers', async () => {
    const { program } = await written();
    const lines = program.split('\n').map((line) => line.trim());
    const begin = lines.indexOf('# 0.conv_stem');
    expect(lines.slice(begin, begin + 5)).toEqual([
      '# 0.conv_stem',
      // SAME pads more at the bottom and right.
      'x1 = F.conv2d(F.pad(input, (0, 1, 1, 1)), t["0.conv_stem.weight"], None, stride=(2, 2), dilation=(1, 1), groups=1)',
      '# 0.bn1',
      'x2 = F.batch_norm(x1, t["0.bn1.running_mean"], t["0.bn1.running_var"], t["0.bn1.weight"], t["0.bn1.bias"], self.training, 0.1, 0.00001)',
      'x3 = torch.sigmoid(x2)',
    ]);
    // The padding of 5×5 with stride 2 on 7×5 is even.
    expect(program).toMatch(
      /F\.conv2d\(x\d+, t\["1\.conv_dw\.weight"\], None, stride=\(2, 2\), padding=\(2, 2\), .*groups=16\)/,
    );
    // Squeeze-and-excitation is 1×1 convolutions, as in timm.
    expect(program).toContain('t["1.se.conv_reduce.weight"], t["1.se.conv_reduce.bias"], stride=(1, 1)');
    expect(program).toMatch(/x\d+ = torch\.clamp\(x\d+, 0, 6\)/);
    expect(program).toMatch(/return x\d+\n/);
  });

  it('reads its file, takes what its model takes, and has no text of the run as code', async () => {
    const { program } = await written();
    expect(program).toContain('WEIGHTS = Path(__file__).with_name("weights.safetensors")');
    expect(program).toContain(
      'Takes float32 [batch, 3, 13, 10]: (pixels / 255 - mean) / std. Puts out logits [batch, 5].',
    );
    expect(program).toContain(`    """k3 '| k5 /"""\n`);
    expect(program).toContain('print(tuple(load()(torch.zeros(1, 3, 13, 10)).shape))');
  });

  it('normalises pixels where it is asked to', async () => {
    const normalisation = { mean: [0.5, 0.25, 0.125], std: [0.5, 1, 2] };
    const { program, tensors } = await written(create, { normalisation });
    expect(program).toContain('x1 = input - t["preprocess.mean"]');
    expect(program).toContain('x2 = x1 / t["preprocess.std"]');
    expect(program).toContain('    "preprocess.mean": ((3, 1, 1), False),\n');
    expect([...tensors.get('preprocess.mean')!.data]).toEqual([127.5, 63.75, 31.875]);
  });

  it('is the same to the byte each time', async () => {
    const [first, second] = [await written(), await written()];
    expect(second).toEqual(first);
  });
});
