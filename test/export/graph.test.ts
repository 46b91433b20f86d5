import { packageVersion } from 'dna-nas/core';
import { networkToOnnx } from 'dna-nas/export';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { exported, IMAGE, tinyNetwork, trained } from './networks.js';
import type { Node, OnnxFile } from './onnx-file.js';

onCpu();

const create = () => trained(tinyNetwork());
const operations = ({ nodes }: OnnxFile) => nodes.map(({ name, op }) => `${name} ${op}`);
const count = ({ nodes }: OnnxFile, op: string) => nodes.filter((node) => node.op === op).length;
const named = ({ nodes }: OnnxFile, name: string) => nodes.find((node) => node.name === name)!;

describe('the graph of a network', () => {
  it('is its operations in order, named after the layers whose weights they use', async () => {
    const file = await exported(create);
    expect(operations(file)).toEqual([
      '0.conv_stem/Conv Conv',
      '0.bn1/Sigmoid Sigmoid',
      '0.bn1/Mul Mul',
      '1.conv_pw/Conv Conv',
      '1.bn1/Sigmoid Sigmoid',
      '1.bn1/Mul Mul',
      '1.conv_dw/Conv Conv',
      '1.bn2/Sigmoid Sigmoid',
      '1.bn2/Mul Mul',
      '1.bn2/GlobalAveragePool GlobalAveragePool',
      '1.se.conv_reduce/Conv Conv',
      '1.se.conv_reduce/Sigmoid Sigmoid',
      '1.se.conv_reduce/Mul Mul',
      '1.se.conv_expand/Conv Conv',
      '1.se.conv_expand/Sigmoid Sigmoid',
      '1.se.conv_expand/Mul Mul',
      '1.conv_pwl/Conv Conv',
      '2.conv_pw/Conv Conv',
      '2.bn1/Clip Clip',
      '2.conv_dw/Conv Conv',
      '2.bn2/Clip Clip',
      '2.conv_pwl/Conv Conv',
      '2.bn3/Add Add',
      '3.conv_head/Conv Conv',
      '3.bn2/Sigmoid Sigmoid',
      '3.bn2/Mul Mul',
      '3.bn2/GlobalAveragePool GlobalAveragePool',
      '3.bn2/Flatten Flatten',
      '3.classifier/Gemm Gemm',
    ]);
  });

  it('takes any batch of NCHW images and puts out logits', async () => {
    const { inputs, outputs } = await exported(create);
    expect(inputs).toEqual([{ name: 'input', shape: ['batch', 3, IMAGE.height, IMAGE.width] }]);
    expect(outputs).toEqual([{ name: 'logits', shape: ['batch', 5] }]);
  });

  it('pads in the convolutions, more at the bottom and right as SAME does', async () => {
    const file = await exported(create);
    const window = ({ attributes }: Node) => attributes;
    expect(window(named(file, '0.conv_stem/Conv'))).toEqual({
      kernel_shape: [3, 3],
      strides: [2, 2],
      // 13 rows become 7 and 10 columns 5: 13 + 2 and 10 + 1.
      pads: [1, 0, 1, 1],
      dilations: [1, 1],
      group: 1,
    });
    expect(window(named(file, '1.conv_dw/Conv'))).toMatchObject({
      kernel_shape: [5, 5],
      pads: [2, 2, 2, 2],
      group: 16,
    });
  });

  it("has the network's weights under its own names, as PyTorch has them, with the norms folded in", async () => {
    const { initialisers } = await exported(create);
    const shapes = Object.fromEntries([...initialisers].map(([name, { shape }]) => [name, shape]));
    expect(shapes).toMatchObject({
      '0.conv_stem.weight': [8, 3, 3, 3],
      '0.conv_stem.bias': [8],
      '1.conv_dw.weight': [16, 1, 5, 5],
      '1.se.conv_reduce.weight': [2, 16, 1, 1],
      '1.se.conv_reduce.bias': [2],
      '1.conv_pwl.weight': [12, 16, 1, 1],
      '3.classifier.weight': [5, 16],
      '3.classifier.bias': [5],
    });
    expect(Object.keys(shapes).filter((name) => /running|bn/.test(name))).toEqual([]);
  });

  it('keeps batch norms with their own tensors where it is asked to', async () => {
    const file = await exported(create, { keepNorms: true });
    // All convolutions but the two of squeeze-and-excitation.
    expect(count(file, 'BatchNormalization')).toBe(count(file, 'Conv') - 2);
    const { inputs, attributes } = named(file, '1.bn2/BatchNormalization');
    const tensors = ['weight', 'bias', 'running_mean', 'running_var'];
    expect(inputs.slice(1)).toEqual(tensors.map((name) => `1.bn2.${name}`));
    expect(attributes.epsilon).toBeCloseTo(1e-5, 10);
    const network = create();
    const variance = network.tensors().get('1.bn2.running_var')!.value.dataSync();
    network.dispose();
    expect([...file.initialisers.get('1.bn2.running_var')!.data]).toEqual([...variance]);
  });

  it.each([
    [17, 8],
    [18, 8],
    [19, 9],
    [21, 10],
    [23, 11],
    [24, 12],
    [25, 13],
    [28, 14],
  ])('of opset %i says so, in version %i of the format', async (opset, format) => {
    const file = await exported(create, { opset });
    expect(file.opsets).toEqual([{ domain: '', version: opset }]);
    expect(file.format).toBe(format);
    expect(file.producer).toEqual(['dna-nas', packageVersion()]);
  });

  it('normalises pixels first where it is asked to', async () => {
    const normalisation = { mean: [0.5, 0.25, 0.125], std: [0.5, 1, 2] };
    const { nodes, initialisers } = await exported(create, { normalisation });
    expect(nodes.slice(0, 3).map(({ op }) => op)).toEqual(['Sub', 'Div', 'Conv']);
    expect(nodes[0]!.inputs).toEqual(['input', 'preprocess.mean']);
    expect(initialisers.get('preprocess.mean')).toEqual({
      shape: [3, 1, 1],
      data: Float64Array.of(127.5, 63.75, 31.875),
    });
  });

  it('has what is said of it as metadata', async () => {
    const { metadata } = await exported(create, { metadata: { architecture: 'k3 | k5', classes: '5' } });
    expect(metadata).toEqual({ architecture: 'k3 | k5', classes: '5' });
  });

  it('is the same to the byte each time', async () => {
    const [first, second] = [
      await networkToOnnx(create, { image: IMAGE }),
      await networkToOnnx(create, { image: IMAGE }),
    ];
    expect(Buffer.from(first).equals(second)).toBe(true);
  });
});
