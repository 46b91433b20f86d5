// Products and convolutions that a library of NVIDIA's computes: their values are checked, their speed is told.
import { POINTWISE, STEMS } from './layers.mjs';

const SWISH = { activation: 'swish' };
const CLASSES = 1000;

/** Cases of a kind with those of `cases.mjs`. */
export function productCases(batch) {
  return [
    ...POINTWISE.flatMap((layer) => convolutionCases({ ...layer, kernel: 1, stride: 1 }, batch)),
    ...STEMS.flatMap((layer) => convolutionCases(layer, batch)),
    ...matrixCases(batch),
    lossCase(batch),
  ];
}

function convolutionCases({ size, channels, outputs, kernel, stride }, batch) {
  const [pad, out] = [(kernel - 1) / 2, size / stride];
  const x = { shape: [batch, size, size, channels], map: true, about: 0.2 };
  const dy = { shape: [batch, out, out, outputs], map: true };
  const filterShape = [kernel, kernel, channels, outputs];
  const filter = { shape: filterShape, deviation: 1 / Math.sqrt(kernel * kernel * channels) };
  const window = { strides: [stride, stride], padding: [pad, pad, pad, pad], dilations: [1, 1] };
  const shape = `${size}×${size}×${channels}·${outputs} k${kernel} s${stride}`;
  const make = (name, inputs, attributes = {}) => ({
    ...{ name: `${name} ${shape}`, kernel: name, shape, inputs, library: true },
    attributes: { ...window, ...attributes },
  });
  return [
    make('Conv2d', { x, filter }),
    // Nobody asks for the gradient of the images.
    ...(kernel === 1 ? [make('Conv2dGradInput', { dy, filter }, { inputShape: x.shape })] : []),
    make('Conv2dGradFilter', { x, dy }, { filterShape }),
    make('Conv2dBias', { x, filter, bias: { shape: [outputs] } }, SWISH),
  ];
}

/** The classifier's. */
function matrixCases(batch) {
  const [inner, shape] = [1280, `1280·${CLASSES}`];
  const [a, dy] = [{ shape: [batch, inner] }, { shape: [batch, CLASSES] }];
  const b = { shape: [inner, CLASSES], deviation: 1 / Math.sqrt(inner) };
  const make = (kernel, inputs) => ({
    ...{ name: `${kernel} ${shape}`, kernel, shape, inputs, attributes: {}, library: true },
  });
  return [make('MatMul', { a, b }), make('MatMulGradA', { dy, b }), make('MatMulGradB', { a, dy })];
}

function lossCase(batch) {
  const kernel = 'SoftmaxCrossEntropy';
  const logits = { shape: [batch, CLASSES] };
  const labels = { shape: [batch, CLASSES], about: 1 / CLASSES, deviation: 0 };
  const shape = `${CLASSES} classes`;
  return {
    ...{ name: `${kernel} ${shape}`, kernel, shape, inputs: { logits, labels }, library: true },
    attributes: { smoothing: 0.1 },
  };
}
