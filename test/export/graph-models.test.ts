import { packageVersion } from 'dna-nas/core';
import { networkToTfjs } from 'dna-nas/export';
import { type Module, tf } from 'dna-nas/nn';
import { ClassifierHead, Sequential, Stem } from 'dna-nas/nn/layers';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { CASES, weighed } from './cases.js';
import { graphModelDifference, loadFiles, modelJson } from './graph-models.js';
import { FunctionNetwork, IMAGE, tinyNetwork, trained } from './networks.js';

onCpu();

/** A case that TensorFlow.js does not compute. */
const STRIDED_AND_DILATED = 'own padding, dilated';

const tiny = () => trained(tinyNetwork());

describe('every mapped kernel, as TensorFlow.js itself computes the graph model', () => {
  const rows = Object.entries(CASES).flatMap(([kernel, calls]) =>
    Object.entries(calls)
      .filter(([name]) => name !== STRIDED_AND_DILATED)
      .map(([name, call]) => [kernel, name, call] as const),
  );

  it.each(rows)('%s: %s', async (_, __, call) => {
    const create = () => new FunctionNetwork((x) => weighed(call(x)));
    const files = await networkToTfjs(create, { image: IMAGE });
    for (const count of [1, 2])
      expect(await graphModelDifference(files, create, { count })).toBeLessThan(1e-5);
  });
});

describe('a graph model', () => {
  it('computes what the network does, on any batch', async () => {
    const files = await networkToTfjs(tiny, { image: IMAGE });
    for (const count of [1, 3]) expect(await graphModelDifference(files, tiny, { count })).toBeLessThan(1e-5);
  });

  it('is the operations of TensorFlow, named after layers, with biases in the convolutions', async () => {
    const { modelTopology } = modelJson(await networkToTfjs(tiny, { image: IMAGE }));
    const nodes = modelTopology.node as { name: string; op: string; input: string[] }[];
    expect(nodes.filter(({ op }) => op !== 'Const').map(({ name, op }) => `${name} ${op}`)).toEqual([
      'input Placeholder',
      '0.conv_stem/Conv _FusedConv2D',
      '0.bn1/Sigmoid Sigmoid',
      '0.bn1/Mul Mul',
      '1.conv_pw/Conv _FusedConv2D',
      '1.bn1/Sigmoid Sigmoid',
      '1.bn1/Mul Mul',
      '1.conv_dw/Conv FusedDepthwiseConv2dNative',
      '1.bn2/Sigmoid Sigmoid',
      '1.bn2/Mul Mul',
      '1.bn2/GlobalAveragePool Mean',
      '1.se.conv_reduce/Conv _FusedConv2D',
      '1.se.conv_reduce/Sigmoid Sigmoid',
      '1.se.conv_reduce/Mul Mul',
      '1.se.conv_expand/Conv _FusedConv2D',
      '1.se.conv_expand/Sigmoid Sigmoid',
      '1.se.conv_expand/Mul Mul',
      '1.conv_pwl/Conv _FusedConv2D',
      '2.conv_pw/Conv _FusedConv2D',
      '2.bn1/Clip Relu6',
      '2.conv_dw/Conv FusedDepthwiseConv2dNative',
      '2.bn2/Clip Relu6',
      '2.conv_pwl/Conv _FusedConv2D',
      '2.bn3/Add AddV2',
      '3.conv_head/Conv _FusedConv2D',
      '3.bn2/Sigmoid Sigmoid',
      '3.bn2/Mul Mul',
      '3.bn2/GlobalAveragePool Mean',
      '3.bn2/Flatten Reshape',
      'logits _FusedMatMul',
    ]);
  });

  it('says what it takes, what it puts out, and what is said of it', async () => {
    const metadata = { classNames: ['cat', 'dog'], mean: [0.5] };
    const files = await networkToTfjs(tiny, { image: IMAGE, metadata });
    expect(modelJson(files)).toMatchObject({
      format: 'graph-model',
      generatedBy: `dna-nas ${packageVersion()}`,
      userDefinedMetadata: metadata,
    });
    const model = await loadFiles(files);
    expect(model.inputs.map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual([
      ['input', [-1, IMAGE.height, IMAGE.width, 3], 'float32'],
    ]);
    expect(model.outputs.map(({ name }) => name)).toEqual(['logits']);
    expect(model.metadata).toEqual(metadata);
    model.dispose();
  });

  it('takes pixels of 0 to 255 where the graph normalises them', async () => {
    const normalisation = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.1] };
    const files = await networkToTfjs(tiny, { image: IMAGE, normalisation });
    const [pixels, plain] = [
      await loadFiles(files),
      await loadFiles(await networkToTfjs(tiny, { image: IMAGE })),
    ];
    const worst = tf.tidy(() => {
      const x = tf.mul(tf.abs(tf.sin(tf.reshape(tf.range(0, 780), [2, 13, 10, 3]))), 255);
      const normalised = tf.div(tf.sub(tf.div(x, 255), normalisation.mean), normalisation.std);
      const [found, expected] = [pixels.predict(x), plain.predict(normalised)] as tf.Tensor[];
      return tf.max(tf.abs(tf.sub(found!, expected!))).dataSync()[0]!;
    });
    expect(worst).toBeLessThan(1e-5);
    for (const model of [pixels, plain]) model.dispose();
  });

  it('has its weights in files of 4 MiB, and the same bytes each time', async () => {
    const wide = () =>
      trained(
        new Sequential<Module>([
          new Stem({ inputChannels: 3, outputChannels: 64 }),
          new ClassifierHead({ inputChannels: 64, channels: 1024, classes: 1100 }),
        ]),
      );
    const files = await networkToTfjs(wide, { image: IMAGE });
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    expect([...files.keys()]).toEqual(['model.json', ...paths]);
    expect(modelJson(files).weightsManifest[0].paths).toEqual(paths);
    expect(files.get(paths[0]!)!.length).toBe(4 * 2 ** 20);
    expect(await graphModelDifference(files, wide, { count: 1 })).toBeLessThan(1e-5);
    const again = await networkToTfjs(wide, { image: IMAGE });
    for (const [name, bytes] of files) expect(Buffer.from(again.get(name)!).equals(bytes)).toBe(true);
  });

  it.each([
    [
      'a pool over windows that are padded otherwise than SAME and VALID',
      (x: tf.Tensor4D) => tf.maxPool(x, 3, 1, 2),
      'MaxPool',
    ],
    ['strides beside dilations', CASES.DnaConv2d![STRIDED_AND_DILATED]!, 'Conv2D'],
  ])('of %s is refused, as TensorFlow.js has none', async (_, call, operation) => {
    const create = () => new FunctionNetwork((x) => weighed(call(x)));
    await expect(networkToTfjs(create, { image: IMAGE })).rejects.toMatchObject({
      code: 'EXPORT_OPERATION',
      message: expect.stringContaining(operation),
    });
  });
});
