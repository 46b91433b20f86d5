import type { Conv2dAttributes } from 'dna-nas/nn/kernels';

/** Every size of a convolution in NHWC. For a depthwise one `outChannels` equals `channels`. */
export interface ConvolutionSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly attributes: Conv2dAttributes;
}

export type FourExtents = readonly [number, number, number, number];

/** Gathers the sizes from the input's and the filter's shape; a depthwise filter is [kh,kw,c,1]. */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  options: { readonly attributes: Conv2dAttributes; readonly depthwise: boolean },
): ConvolutionSizes {
  const [batch, height, width, channels] = inputShape as FourExtents;
  const [filterHeight, filterWidth, , lastExtent] = filterShape as FourExtents;
  const { strides, padding, dilations } = options.attributes;
  const outExtent = (extent: number, filter: number, axis: 0 | 1) => {
    const padded = extent + padding[2 * axis]! + padding[2 * axis + 1]!;
    return Math.floor((padded - (filter - 1) * dilations[axis] - 1) / strides[axis]) + 1;
  };
  return {
    batch,
    height,
    width,
    channels,
    filterHeight,
    filterWidth,
    outHeight: outExtent(height, filterHeight, 0),
    outWidth: outExtent(width, filterWidth, 1),
    outChannels: options.depthwise ? channels * lastExtent : lastExtent,
    attributes: options.attributes,
  };
}

/** The output's shape. */
export function outputShape(sizes: ConvolutionSizes): FourExtents {
  return [sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outChannels];
}

/** The integers of the AssemblyScript class of the same name, in its order. */
export function sizesAsIntegers(sizes: ConvolutionSizes): number[] {
  const { strides, padding, dilations } = sizes.attributes;
  return [
    ...[sizes.height, sizes.width, sizes.channels, sizes.filterHeight, sizes.filterWidth],
    ...[strides[0], strides[1], dilations[0], dilations[1], padding[0], padding[2]],
    ...[sizes.outHeight, sizes.outWidth],
  ];
}
