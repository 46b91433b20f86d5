/** The ops again, in plain loops on float64 and independent of tfjs: what every backend is compared with. */

/** A tensor of float64 values. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export type Activation = 'none' | 'relu' | 'relu6' | 'swish' | 'sigmoid';

export interface Geometry {
  readonly strides: readonly [number, number];
  /** top, bottom, left, right */
  readonly padding: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
}

type Shape4 = [number, number, number, number];

export function values(shape: readonly number[], fill: (index: number) => number = () => 0): Values {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = new Float64Array(size);
  for (let index = 0; index < size; index++) data[index] = fill(index);
  return { shape, data };
}

function scalar(value: number): Values {
  return values([], () => value);
}

export function activation(kind: Activation, x: number): number {
  const sigmoid = 1 / (1 + Math.exp(-x));
  if (kind === 'relu') return Math.max(x, 0);
  if (kind === 'relu6') return Math.min(Math.max(x, 0), 6);
  if (kind === 'swish') return x * sigmoid;
  return kind === 'sigmoid' ? sigmoid : x;
}

export function activate(x: Values, kind: Activation): Values {
  return values(x.shape, (index) => activation(kind, x.data[index]!));
}

export function matMul(a: Values, b: Values): Values {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1]!;
  return values([rows, columns], (index) => {
    const row = Math.floor(index / columns);
    let sum = 0;
    for (let k = 0; k < inner; k++)
      sum += a.data[row * inner + k]! * b.data[k * columns + (index % columns)]!;
    return sum;
  });
}

/**
 * Calls `visit` for every tap that falls inside the input, positions counted over samples, rows and columns.
 * Returns the output's height and width.
 */
function eachTap(
  [batch, height, width]: readonly number[],
  [kernelHeight, kernelWidth]: readonly number[],
  { strides, padding, dilations }: Geometry,
  visit: (outputPosition: number, inputPosition: number, tap: number) => void,
): [number, number] {
  const covered = [(kernelHeight! - 1) * dilations[0] + 1, (kernelWidth! - 1) * dilations[1] + 1];
  const outHeight = Math.floor((height! + padding[0] + padding[1] - covered[0]!) / strides[0]) + 1;
  const outWidth = Math.floor((width! + padding[2] + padding[3] - covered[1]!) / strides[1]) + 1;
  for (let n = 0; n < batch!; n++) {
    for (let position = 0; position < outHeight * outWidth; position++) {
      for (let tap = 0; tap < kernelHeight! * kernelWidth!; tap++) {
        const row =
          Math.floor(position / outWidth) * strides[0] -
          padding[0] +
          Math.floor(tap / kernelWidth!) * dilations[0];
        const column = (position % outWidth) * strides[1] - padding[2] + (tap % kernelWidth!) * dilations[1];
        if (row < 0 || row >= height! || column < 0 || column >= width!) continue;
        visit(n * outHeight * outWidth + position, (n * height! + row) * width! + column, tap);
      }
    }
  }
  return [outHeight, outWidth];
}

function outputOf(x: Values, filter: Values, geometry: Geometry, channels: number): Values {
  // The output's size must be known before the taps are visited; an empty batch visits none.
  const [height, width] = eachTap([0, x.shape[1]!, x.shape[2]!], filter.shape, geometry, () => {});
  return values([x.shape[0]!, height, width, channels]);
}

export function conv2d(x: Values, filter: Values, geometry: Geometry): Values {
  const [, , inputs, outputs] = filter.shape as Shape4;
  const y = outputOf(x, filter, geometry, outputs);
  eachTap(x.shape, filter.shape, geometry, (to, from, tap) => {
    for (let input = 0; input < inputs; input++) {
      const value = x.data[from * inputs + input]!;
      for (let output = 0; output < outputs; output++) {
        y.data[to * outputs + output]! += value * filter.data[(tap * inputs + input) * outputs + output]!;
      }
    }
  });
  return y;
}

export function depthwiseConv2d(x: Values, filter: Values, geometry: Geometry): Values {
  const channels = x.shape[3]!;
  const y = outputOf(x, filter, geometry, channels);
  eachTap(x.shape, filter.shape, geometry, (to, from, tap) => {
    for (let channel = 0; channel < channels; channel++) {
      y.data[to * channels + channel]! +=
        x.data[from * channels + channel]! * filter.data[tap * channels + channel]!;
    }
  });
  return y;
}

/** Mean and biased variance of each channel. */
export function channelStatistics(x: Values): { mean: Values; variance: Values } {
  const channels = x.shape.at(-1)!;
  const rows = x.data.length / channels;
  const mean = values([channels]);
  const variance = values([channels]);
  x.data.forEach((value, index) => {
    mean.data[index % channels]! += value / rows;
  });
  x.data.forEach((value, index) => {
    variance.data[index % channels]! += (value - mean.data[index % channels]!) ** 2 / rows;
  });
  return { mean, variance };
}

export interface BatchNormInputs {
  readonly x: Values;
  readonly scale: Values;
  readonly offset: Values;
  readonly mean: Values;
  readonly variance: Values;
}

export function batchNorm(inputs: BatchNormInputs, epsilon: number, kind: Activation): Values {
  const { x, scale, offset, mean, variance } = inputs;
  const channels = scale.data.length;
  return values(x.shape, (index) => {
    const c = index % channels;
    const standard = (x.data[index]! - mean.data[c]!) / Math.sqrt(variance.data[c]! + epsilon);
    return activation(kind, standard * scale.data[c]! + offset.data[c]!);
  });
}

export function globalMean(x: Values): Values {
  const [batch, height, width, channels] = x.shape as Shape4;
  const y = values([batch, channels]);
  const area = height * width;
  x.data.forEach((value, index) => {
    const sample = Math.floor(index / (area * channels));
    y.data[sample * channels + (index % channels)]! += value / area;
  });
  return y;
}

export function channelGate(x: Values, gate: Values): Values {
  const [, height, width, channels] = x.shape as Shape4;
  return values(x.shape, (index) => {
    const sample = Math.floor(index / (height * width * channels));
    return x.data[index]! * gate.data[sample * channels + (index % channels)]!;
  });
}

function addBias(x: Values, bias: Values): Values {
  return values(x.shape, (index) => x.data[index]! + bias.data[index % bias.data.length]!);
}

export function squeezeExcite(inputs: Record<string, Values>, kind: Activation): Values {
  const { x, reduceWeight, reduceBias, expandWeight, expandBias } = inputs;
  const hidden = activate(addBias(matMul(globalMean(x!), reduceWeight!), reduceBias!), kind);
  return channelGate(x!, activate(addBias(matMul(hidden, expandWeight!), expandBias!), 'sigmoid'));
}

function meanOver(count: number, term: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += term(index);
  return sum / count;
}

export function squaredError(y: Values, target: Values): Values {
  return scalar(meanOver(y.data.length, (index) => (y.data[index]! - target.data[index]!) ** 2));
}

export function absoluteError(y: Values, target: Values): Values {
  return scalar(meanOver(y.data.length, (index) => Math.abs(y.data[index]! - target.data[index]!)));
}

export function relativeL1(y: Values, target: Values): Values {
  const count = target.data.length;
  const mean = meanOver(count, (index) => target.data[index]!);
  const variance = meanOver(count, (index) => (target.data[index]! - mean) ** 2);
  return scalar(absoluteError(y, target).data[0]! / Math.sqrt(variance));
}

export function cosineDistance(y: Values, target: Values): Values {
  const channels = y.shape.at(-1)!;
  const distance = (row: number): number => {
    let [product, squareY, squareTarget] = [0, 0, 0];
    for (let index = row * channels; index < (row + 1) * channels; index++) {
      product += y.data[index]! * target.data[index]!;
      squareY += y.data[index]! ** 2;
      squareTarget += target.data[index]! ** 2;
    }
    return 1 - product / Math.sqrt(squareY * squareTarget);
  };
  return scalar(meanOver(y.data.length / channels, distance));
}

/** `labels` are distributions [n, k]. */
export function softmaxCrossEntropy(logits: Values, labels: Values, smoothing: number): Values {
  const [batch, classes] = logits.shape as [number, number];
  const entropy = (row: number): number => {
    const own = logits.data.subarray(row * classes, (row + 1) * classes);
    const normaliser = Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return own.reduce((sum, logit, index) => {
      const label = labels.data[row * classes + index]! * (1 - smoothing) + smoothing / classes;
      return sum + label * (normaliser - logit);
    }, 0);
  };
  return scalar(meanOver(batch, entropy));
}
