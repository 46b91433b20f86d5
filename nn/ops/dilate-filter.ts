import type { Conv2dAttributes } from '../kernels/table.js';
import { pad, reshape, slice, stridedSlice, type Tensor } from '../tensor.js';

type Filter = [number, number, number, number];

/**
 * The same filter with zeros between its taps, so that it acts undilated as the original does dilated: tfjs has no
 * gradients of dilated convolutions, and none at all with both strides and dilations.
 */
export function dilateFilter(filter: Tensor, dilations: Conv2dAttributes['dilations']): Tensor {
  const [down, across] = dilations;
  if (down === 1 && across === 1) return filter;
  const [height, width, inputs, outputs] = filter.shape as Filter;
  const channels = inputs * outputs;
  const rows = pad(reshape(filter, [height, 1, width * channels]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
  ]);
  const columns = pad(reshape(rows, [height * down, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, across - 1],
    [0, 0],
  ]);
  const spread = reshape(columns, [height * down, width * across, inputs, outputs]);
  return slice(spread, [0, 0, 0, 0], [(height - 1) * down + 1, (width - 1) * across + 1, inputs, outputs]);
}

/** The shape of `dilateFilter`'s result. */
export function dilatedShape(shape: readonly number[], dilations: Conv2dAttributes['dilations']): number[] {
  const [height, width, inputs, outputs] = shape as Filter;
  return [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1, inputs, outputs];
}

/** The taps of a dilated filter (or of its gradient) alone: undoes `dilateFilter`. */
export function undilateFilter(filter: Tensor, dilations: Conv2dAttributes['dilations']): Tensor {
  const [down, across] = dilations;
  if (down === 1 && across === 1) return filter;
  return stridedSlice(filter, [0, 0, 0, 0], filter.shape, [down, across, 1, 1]);
}
