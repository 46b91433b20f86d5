// Long sums in double precision, straight from their definition: where a device that sums in less is found out.
import { hostInput } from './run-case.mjs';

const CHANNELS_LOOKED_AT = 3;

const CHECKS = {
  BatchNormTraining: normStatistics,
  DepthwiseConv2dGradFilter: filterGradient,
  Conv2dGradFilter: pointwiseFilterGradient,
  SquaredError: squaredError,
};

/**
 * The largest error of a case's sums, each over the largest value of its kind; undefined for a case that has none.
 * @param {import('./cases.mjs').Case} test
 * @param {Float32Array[]} outputs
 */
export function errorOfSums(test, outputs) {
  return CHECKS[test.kernel]?.(hostInputs(test), outputs, test);
}

function hostInputs({ inputs }) {
  const entries = Object.entries(inputs).map(([name, input], index) => [name, hostInput(input, index)]);
  return Object.fromEntries(entries);
}

function channelsOf(count) {
  return Array.from({ length: CHANNELS_LOOKED_AT }, (_, n) =>
    Math.floor((n * (count - 1)) / (CHANNELS_LOOKED_AT - 1)),
  );
}

function normStatistics({ x }, [, mean, variance], { inputs }) {
  const channels = inputs.x.shape[3];
  const rows = x.length / channels;
  const errors = channelsOf(channels).map((channel) => {
    let [sum, squares] = [0, 0];
    for (let at = channel; at < x.length; at += channels) sum += x[at];
    const exact = sum / rows;
    for (let at = channel; at < x.length; at += channels) squares += (x[at] - exact) ** 2;
    const spread = squares / rows;
    return Math.max(
      Math.abs(mean[channel] - exact) / Math.sqrt(spread),
      Math.abs(variance[channel] / spread - 1),
    );
  });
  return Math.max(...errors);
}

function filterGradient({ x, dy }, [found], { inputs, attributes }) {
  const [batch, size, , channels] = inputs.x.shape;
  const out = inputs.dy.shape[1];
  const { strides, padding, filterShape } = attributes;
  const geometry = {
    batch,
    size,
    channels,
    out,
    stride: strides[0],
    pad: padding[0],
    kernel: filterShape[0],
  };
  const errors = channelsOf(channels).map((channel) => {
    const exact = filterSums(x, dy, { ...geometry, channel });
    const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return Math.max(...exact.map((sum, tap) => Math.abs(found[tap * channels + channel] - sum) / largest));
  });
  return Math.max(...errors);
}

/** One channel's filter gradient, a sum a tap. */
function filterSums(x, dy, { batch, size, channels, out, stride, pad, kernel, channel }) {
  const sums = new Array(kernel * kernel).fill(0);
  for (let place = 0; place < batch * out * out; place++) {
    const image = Math.floor(place / (out * out));
    const top = Math.floor((place % (out * out)) / out) * stride - pad;
    const left = (place % out) * stride - pad;
    const slope = dy[place * channels + channel];
    for (let tap = 0; tap < sums.length; tap++) {
      const [row, column] = [top + Math.floor(tap / kernel), left + (tap % kernel)];
      if (row < 0 || column < 0 || row >= size || column >= size) continue;
      sums[tap] += slope * x[((image * size + row) * size + column) * channels + channel];
    }
  }
  return sums;
}

/** Of a filter of one pixel; another's is left out. */
function pointwiseFilterGradient({ x, dy }, [found], { attributes }) {
  const [kernel, , inputs, outputs] = attributes.filterShape;
  if (kernel !== 1) return undefined;
  const exact = channelsOf(inputs).flatMap((input) =>
    channelsOf(outputs).map((output) => {
      let sum = 0;
      for (let row = 0; row < x.length / inputs; row++)
        sum += x[row * inputs + input] * dy[row * outputs + output];
      return { sum, off: Math.abs(found[input * outputs + output] - sum) };
    }),
  );
  const largest = Math.max(...exact.map(({ sum }) => Math.abs(sum)));
  return Math.max(...exact.map(({ off }) => off)) / largest;
}

function squaredError({ y, target }, [found]) {
  let sum = 0;
  for (let at = 0; at < y.length; at++) sum += (y[at] - target[at]) ** 2;
  return Math.abs(found[0] / (sum / y.length) - 1);
}
