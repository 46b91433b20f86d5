import { randomStream } from 'dna-nas/core';
import type { FeatureShape, Network } from 'dna-nas/core/contracts';
import { networkToOnnx, type OnnxOptions } from 'dna-nas/export';
import { EVALUATE, Module, tf } from 'dna-nas/nn';
import { ClassifierHead, MBConv, Sequential, Stem } from 'dna-nas/nn/layers';
import { generate } from './arrays.js';
import { execute } from './interpreter.js';
import { type OnnxFile, readOnnx, type Tensor } from './onnx-file.js';

/** Odd and of two lengths, so that SAME pads unevenly and no two axes can be mistaken. */
export const IMAGE: FeatureShape = { height: 13, width: 10, channels: 3 };

/** Weights, and statistics of batch norm as a training leaves them. */
export function trained<N extends Network>(network: N): N {
  const random = randomStream('export');
  network.initialise(random);
  for (const [name, tensor] of network.tensors()) {
    if (tensor.shape.length > 1) continue;
    const draws = random.fork('trained', name);
    const isPositive = /running_var$|(bn\d?|norm)\.weight$/.test(name);
    tensor.set(
      Float32Array.from({ length: tensor.size }, () => draws.uint32() / 2 ** 32 - (isPositive ? -0.5 : 0.5)),
    );
  }
  return network;
}

/** A stem, an MBConv that halves the map, one with a residual, and a head. */
export function tinyNetwork(): Sequential {
  return new Sequential<Module>([
    new Stem({ inputChannels: 3, outputChannels: 8 }),
    new MBConv({
      ...{ inputChannels: 8, outputChannels: 12, kernel: 5, stride: 2 },
      ...{ expansion: 2, squeezeExcite: 0.25 },
    }),
    new MBConv({ inputChannels: 12, outputChannels: 12, kernel: 3, expansion: 3, activation: 'relu6' }),
    new ClassifierHead({ inputChannels: 12, channels: 16, classes: 5 }),
  ]);
}

/** A network that is one function of its images, [n, h, w, c] → [n, classes]. */
export class FunctionNetwork extends Module {
  constructor(readonly call: (x: tf.Tensor4D) => tf.Tensor) {
    super();
  }

  override forward(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => this.call(x as tf.Tensor4D));
  }

  override trace(): never {
    throw new Error('It is not counted.');
  }
}

export async function exported(create: () => Network, options: Partial<OnnxOptions> = {}): Promise<OnnxFile> {
  return readOnnx(await networkToOnnx(create, { image: IMAGE, ...options }));
}

/** Values of `count` images that no two pixels share, NHWC. */
function imagesOf(count: number, { height, width, channels }: FeatureShape) {
  const shape = [count, height, width, channels] as [number, number, number, number];
  const random = randomStream('images');
  const data = Float32Array.from(
    { length: count * height * width * channels },
    () => random.uint32() / 2 ** 31 - 1,
  );
  return { shape, data };
}

/** Of how many images, and of what size. */
export interface ImagesRequest {
  readonly count: number;
  readonly image?: FeatureShape;
}

/**
 * The largest difference between the network's own output on the current backend and what `compute` makes of the same
 * images, relative to the largest output.
 */
export function outputDifference(
  create: () => Network,
  { count, image = IMAGE }: ImagesRequest,
  compute: (images: { shape: [number, number, number, number]; data: Float32Array }) => Tensor,
): number {
  const images = imagesOf(count, image);
  const network = create();
  const x = tf.tensor4d(images.data, images.shape);
  const y = network.forward(x, EVALUATE);
  const expected = y.dataSync<'float32'>();
  const found = compute(images);
  if (found.shape.join() !== y.shape.join())
    throw new Error(`It puts out [${found.shape}], not [${y.shape}].`);
  tf.dispose([x, y]);
  network.dispose();
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found.data[at]!)), 0) / largest;
}

/** The same of an ONNX model that the interpreter computes. */
export function difference(model: OnnxFile, create: () => Network, request: ImagesRequest): number {
  return outputDifference(create, request, ({ shape: [count, height, width, channels], data }) => {
    const maps = generate([count, channels, height, width], ([n, c, row, column]) => {
      return data[((n! * height + row!) * width + column!) * channels + c!]!;
    });
    return execute(model, maps);
  });
}
