import { tf } from 'dna-nas/nn';
import type { Activation } from 'dna-nas/nn/kernels';
import {
  activate,
  channelGate,
  conv2d,
  conv2dBias,
  depthwiseConv2d,
  depthwiseConv2dBias,
  globalMean,
  matMul,
  scaleShift,
} from 'dna-nas/nn/ops';

type Tensor = tf.Tensor;
type Map = tf.Tensor4D;
type Call = (x: Map) => Tensor;

/** Values from −1 to 1 of a shape. */
const constant = (shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => Math.sin(1.7 * at + 0.3)),
    shape,
  );

/** Unequal weights of each element, so that nothing that is misplaced has the right sum: [n, …] → [n, 3]. */
export const weighed = (x: Tensor): Tensor => {
  const rows = tf.reshape(x, [x.shape[0]!, -1]);
  return tf.matMul(rows as tf.Tensor2D, constant([rows.shape[1]!, 3]) as tf.Tensor2D);
};

const filter = (...shape: number[]) => constant(shape) as Map;
const activation =
  (name: Activation): Call =>
  (x) =>
    activate(x, name);

/** Of each kernel some networks that call it; batch norms and squeeze-and-excitation are in whole networks too. */
export const CASES: Readonly<Record<string, Readonly<Record<string, Call>>>> = {
  DnaConv2d: {
    '3×3, SAME': (x) => conv2d(x, filter(3, 3, 3, 4), { strides: 2 }),
    'own padding, dilated': (x) =>
      conv2d(x, filter(3, 2, 3, 4), { strides: [2, 1], dilations: [1, 2], padding: [2, 0, 1, 3] }),
    '1×1 of stride 2': (x) => conv2d(x, filter(1, 1, 3, 4), { strides: 2 }),
  },
  DnaConv2dBias: {
    'with activation': (x) => conv2dBias(x, filter(3, 3, 3, 4), constant([4]), { activation: 'swish' }),
    '1×1': (x) => conv2dBias(x, filter(1, 1, 3, 4), constant([4])),
  },
  DnaDepthwiseConv2d: { '5×5': (x) => depthwiseConv2d(x, filter(5, 5, 3, 1), { strides: 2 }) },
  DnaDepthwiseConv2dBias: {
    '3×3': (x) => depthwiseConv2dBias(x, filter(3, 3, 3, 1), constant([3]), { activation: 'relu' }),
  },
  Conv2D: {
    same: (x) => tf.conv2d(x, filter(3, 3, 3, 4), 2, 'same'),
    valid: (x) => tf.conv2d(x, filter(3, 3, 3, 4), [1, 2], 'valid'),
  },
  DepthwiseConv2dNative: { 'of multiplier 2': (x) => tf.depthwiseConv2d(x, filter(3, 3, 3, 2), 2, 'same') },
  DnaScaleShift: {
    'of a map': (x) => scaleShift(x, constant([3]), constant([3]), 'relu6'),
    'of vectors': (x) => scaleShift(tf.mean(x, [1, 2]), constant([3]), constant([3])),
  },
  FusedBatchNorm: {
    whole: (x) =>
      tf.batchNorm(x, constant([3]), tf.abs(constant([3])), constant([3]), tf.add(constant([3]), 2), 0.01),
    'without scale and offset': (x) => tf.batchNorm(x, constant([3]), tf.abs(constant([3]))),
  },
  DnaActivate: { swish: activation('swish'), relu6: activation('relu6'), sigmoid: activation('sigmoid') },
  Relu: { map: tf.relu },
  Relu6: { map: (x) => tf.relu6(tf.mul(x, 9)) },
  Sigmoid: { map: tf.sigmoid },
  Tanh: { map: tf.tanh },
  Elu: { map: tf.elu },
  Selu: { map: tf.selu },
  LeakyRelu: { map: (x) => tf.leakyRelu(x, 0.3) },
  Prelu: {
    'slopes of channels': (x) => tf.prelu(x, constant([3])),
    'one slope': (x) => tf.prelu(x, constant([1])),
  },
  Softplus: { map: tf.softplus },
  ClipByValue: { map: (x) => tf.clipByValue(x, -0.25, 0.5) },
  Exp: { map: tf.exp },
  Log: { map: (x) => tf.log(tf.add(x, 1.5)) },
  Sqrt: { map: (x) => tf.sqrt(tf.add(x, 1.5)) },
  Rsqrt: { map: (x) => tf.rsqrt(tf.add(x, 1.5)) },
  Neg: { map: tf.neg },
  Abs: { map: tf.abs },
  Square: { map: tf.square },
  Add: {
    'a vector': (x) => tf.add(x, constant([3])),
    'a row of vectors': (x) => tf.add(x, constant([x.shape[2], 3])),
    'a map of one image': (x) => tf.add(x, constant([1, x.shape[1], x.shape[2], 3])),
    'a number': (x) => tf.add(x, 0.7),
    'a map': (x) => tf.add(x, tf.relu(x)),
    'what three axes hold': (x) => tf.add(x, tf.mean(x, 0)),
    'what one axis holds': (x) => tf.add(x, tf.mean(x, [0, 1, 2])),
    'more axes': (x) => tf.add(tf.mean(x, 0, true), tf.reshape(x, [x.shape[0], 1, ...x.shape.slice(1)])),
  },
  AddN: { 'three maps': (x) => tf.addN([x, tf.relu(x), tf.exp(x)]) },
  Sub: { both: (x) => tf.add(tf.sub(1, x), tf.sub(x, constant([3]))) },
  Multiply: { 'by a column': (x) => tf.mul(x, constant([x.shape[1], 1, 1])) },
  RealDiv: { 'by a map': (x) => tf.div(x, tf.add(tf.square(x), 1)) },
  Maximum: { 'of two': (x) => tf.maximum(x, constant([3])) },
  Minimum: { 'of two': (x) => tf.minimum(x, constant([3])) },
  Pow: { square: (x) => tf.pow(tf.abs(x), 1.5) },
  SquaredDifference: { 'of two': (x) => tf.squaredDifference(x, constant([3])) },
  DnaMatMul: {
    'of vectors': (x) => tf.add(matMul(tf.mean(x, [1, 2]), constant([3, 7])), constant([7])),
    'of pixels': (x) =>
      tf.reshape(matMul(tf.reshape(x, [-1, 3]), constant([3, 4])), [x.shape[0], x.shape[1], x.shape[2], 4]),
    'of pixels, seen as rows': (x) =>
      tf.reshape(tf.relu(matMul(tf.reshape(x, [-1, 3]), constant([3, 4]))), [x.shape[0], -1]),
  },
  BatchMatMul: {
    'of vectors': (x) => tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), constant([3, 7]) as tf.Tensor2D),
    'of rows and columns': (x) => tf.matMul(x, x, false, true),
    'transposed, with a constant': (x) => tf.matMul(x, constant([1, 1, x.shape[1], x.shape[2]]), true, true),
    'of three axes': (x) => {
      const rows = tf.reshape(x, [x.shape[0], -1, 3]);
      return tf.matMul(rows, rows, true, false);
    },
  },
  Mean: {
    'over all': (x) => tf.mul(x, tf.mean(x)),
    'over positions': (x) => tf.mean(x, [1, 2]),
    'over positions, kept': (x) => tf.mul(x, tf.mean(x, [1, 2], true)),
    'over channels': (x) => tf.mean(x, 3),
    'over rows, kept': (x) => tf.mean(x, 1, true),
    'over rows and channels': (x) => tf.mean(x, [1, -1]),
  },
  Sum: { 'over rows': (x) => tf.sum(x, 1), 'over columns and channels': (x) => tf.sum(x, [2, 3]) },
  Max: { 'over columns': (x) => tf.max(x, 2), 'over channels, kept': (x) => tf.max(x, -1, true) },
  Min: { 'over positions': (x) => tf.min(x, [1, 2]) },
  Softmax: { 'over channels': (x) => tf.softmax(x), 'of vectors': (x) => tf.softmax(tf.mean(x, [1, 2])) },
  DnaGlobalMean: { map: (x) => globalMean(x) },
  AvgPool: {
    'SAME, without what is padded': (x) => tf.avgPool(x, 3, 2, 'same'),
    valid: (x) => tf.avgPool(x, [2, 3], [2, 1], 'valid'),
  },
  MaxPool: { SAME: (x) => tf.maxPool(x, 3, 2, 'same') },
  DnaChannelGate: { map: (x) => channelGate(x, tf.sigmoid(tf.mean(x, [1, 2]))) },
  Identity: { map: (x) => tf.clone(tf.relu(x)) },
  Cast: { 'to what it is': (x) => tf.cast(tf.cast(x, 'float32'), 'float32') },
  Reshape: {
    'to vectors': (x) => tf.reshape(x, [x.shape[0], -1]),
    'to other maps': (x) => tf.reshape(x, [-1, x.shape[2], x.shape[1], 3]),
    'with the batch among others': (x) =>
      tf.reshape(tf.reshape(x, [x.shape[0] * x.shape[1], -1]), [x.shape[0], -1]),
    'of one channel': (x) => tf.reshape(tf.mean(x, 3, true), [x.shape[0], x.shape[1], -1]),
  },
  ExpandDims: { 'in the middle': (x) => tf.mul(x, tf.expandDims(tf.expandDims(tf.mean(x, [1, 2]), 1), 1)) },
  Transpose: {
    'rows and columns': (x) => tf.transpose(x, [0, 2, 1, 3]),
    'channels first': (x) => tf.relu(tf.transpose(x, [0, 3, 1, 2])),
    'of three axes': (x) => tf.transpose(tf.mean(x, 3), [0, 2, 1]),
  },
  Concat: {
    channels: (x) => tf.concat([x, tf.relu(x)], 3),
    'rows, with a constant': (x) => tf.concat([tf.mean(x, [1, 2], true), tf.mean(x, [1, 2], true)], 1),
  },
  PadV2: {
    zeros: (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 0],
        [2, 3],
        [0, 1],
      ]),
    'another value': (x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 0],
          [0, 0],
          [0, 0],
        ],
        0.5,
      ),
  },
  Slice: { 'of rows and channels': (x) => tf.slice(x, [0, 2, 0, 1], [-1, 4, -1, 2]) },
  SplitV: {
    channels: (x) => {
      const [one, rest] = tf.split(x, [1, 2], 3);
      return tf.concat([rest!, one!], 3);
    },
    halves: (x) => tf.sub(...(tf.split(x, 2, 2) as [Tensor, Tensor])),
  },
};
