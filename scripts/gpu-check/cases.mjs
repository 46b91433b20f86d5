// Every kernel of ours on the shapes of real layers: what it is called with.
import { DEPTHWISE, MAPS, outputSize } from './layers.mjs';

const EPSILON = 1e-3;
const SWISH = { activation: 'swish' };

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} kernel of `nn/kernels/table.ts`
 * @property {string} shape
 * @property {Record<string, Input>} inputs by name; of a kernel that takes a list, in its order
 * @property {object} attributes
 * @property {boolean} [list]
 * @property {boolean} [library] whether a library computes it, and not a kernel of ours
 * @property {boolean} [arithmetic] whether multiplying takes longer than moving the bytes
 * @typedef {{ shape: number[], map?: boolean, about?: number, deviation?: number }} Input `map`: an activation, which
 *   is stored in the precision that is checked
 */

/** All of them for a batch. @returns {Case[]} */
export function kernelCases(batch) {
  return [
    ...DEPTHWISE.flatMap((layer) => depthwiseCases(layer, batch)),
    ...MAPS.flatMap((layer) => [...normCases(layer, batch), ...mapCases(layer, batch)]),
    ...optimiserCases(),
  ];
}

function map(shape, { about = 0, deviation = 1 } = {}) {
  return { shape, map: true, about, deviation };
}

function vector(length, { about = 0, deviation = 1 } = {}) {
  return { shape: [length], about, deviation };
}

function depthwiseCases(layer, batch) {
  const { size, channels, kernel, stride } = layer;
  const [pad, out] = [(kernel - 1) / 2, outputSize(layer)];
  const [x, dy] = [map([batch, size, size, channels]), map([batch, out, out, channels])];
  const filterShape = [kernel, kernel, channels, 1];
  const filter = { shape: filterShape, deviation: 1 / kernel };
  const window = { strides: [stride, stride], padding: [pad, pad, pad, pad], dilations: [1, 1] };
  const shape = `${size}×${size}×${channels} k${kernel} s${stride}`;
  const make = (name, inputs, attributes = {}) => ({
    ...{ name: `${name} ${shape}`, kernel: name, shape, inputs, arithmetic: kernel === 7 },
    attributes: { ...window, ...attributes },
  });
  return [
    make('DepthwiseConv2d', { x, filter }),
    make('DepthwiseConv2dGradInput', { dy, filter }, { inputShape: x.shape }),
    make('DepthwiseConv2dGradFilter', { x, dy }, { filterShape }),
    make('DepthwiseConv2dBias', { x, filter, bias: vector(channels) }, SWISH),
  ];
}

/** Makes cases of one map's kernels. */
function maker({ size, channels }) {
  const shape = `${size}×${size}×${channels}`;
  return (kernel, inputs, attributes = {}) => ({
    ...{ name: `${kernel} ${shape}`, kernel, shape, inputs, attributes },
  });
}

function normCases(layer, batch) {
  const { size, channels } = layer;
  const make = maker(layer);
  const [x, dy] = [map([batch, size, size, channels], { about: 0.5 }), map([batch, size, size, channels])];
  const affine = { scale: vector(channels, { about: 1, deviation: 0.2 }), offset: vector(channels) };
  // Near those of x, so that the gradient is that of a norm.
  const statistics = {
    mean: vector(channels, { about: 0.5, deviation: 0.01 }),
    variance: vector(channels, { about: 1, deviation: 0.01 }),
  };
  return [
    make('BatchNormTraining', { x, ...affine }, { epsilon: EPSILON, ...SWISH }),
    make('BatchNormTrainingGrad', { dy, x, ...affine, ...statistics }, { epsilon: EPSILON, ...SWISH }),
    make('ScaleShift', { x, scale: affine.scale, shift: affine.offset }, SWISH),
    make('Activate', { x }, SWISH),
    make('ActivateGrad', { dy, x }, SWISH),
  ];
}

function mapCases(layer, batch) {
  const { size, channels } = layer;
  const make = maker(layer);
  const inputShape = [batch, size, size, channels];
  const [x, dy] = [map(inputShape, { about: 0.5 }), map(inputShape)];
  const each = { shape: [batch, channels], about: 0.5, deviation: 0.2 };
  return [
    make('GlobalMean', { x }),
    make('GlobalMeanGrad', { dy: each }, { inputShape }),
    make('ChannelGate', { x, gate: each }),
    make('ChannelGateGrad', { dy, x, gate: each }),
    make('ChannelGateShift', { x, gate: each, shift: each }),
    make('ChannelDot', { a: x, b: dy }),
    make('SquaredError', { y: x, target: dy }),
    make('SquaredErrorGrad', { dloss: { shape: [], about: 1, deviation: 0 }, y: x, target: dy }),
  ];
}

/** Sizes of tensors as a student's cells have them: many small ones, some large. */
const PARAMETERS = [
  ...Array(120).fill(96),
  ...Array(60).fill(3456),
  ...Array(30).fill(69_120),
  ...Array(8).fill(368_640),
];

/** Slots of an optimiser: those that are squares are not negative. */
const SLOTS = {
  AdamStep: [{ deviation: 0.1 }, { about: 1, deviation: 0.01 }],
  SgdStep: [{ deviation: 0.1 }],
  RmspropStep: [{ about: 1, deviation: 0.01 }, { deviation: 0.1 }],
};

function optimiserCases() {
  const count = PARAMETERS.length;
  const zeros = Array(count).fill(0);
  const common = { count, learningRate: 1e-3, weightDecay: zeros.map(() => 1e-5), epsilon: 1e-8 };
  const attributes = {
    AdamStep: { ...common, beta1: 0.9, beta2: 0.999, steps: zeros.map(() => 10) },
    SgdStep: { ...common, momentum: 0.9, nesterov: true },
    RmspropStep: { ...common, decay: 0.9, momentum: 0.9 },
  };
  const shape = `${count} tensors`;
  const make = (kernel, draws, words) => {
    const tensors = PARAMETERS.flatMap((length) => draws.map((draw) => vector(length, draw)));
    return {
      ...{ name: `${kernel} ${shape}`, kernel, shape, list: true, attributes: words },
      inputs: { ...tensors },
    };
  };
  const steps = Object.keys(SLOTS).map((kernel) =>
    make(kernel, [{}, {}, ...SLOTS[kernel]], attributes[kernel]),
  );
  return [...steps, make('Blend', [{}, {}], { keep: 0.9, shares: zeros.map(() => 0.1) })];
}
