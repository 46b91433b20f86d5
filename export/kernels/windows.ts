import type { tf } from 'dna-nas/nn';
import type { KernelAttributes } from 'dna-nas/nn/kernels';
import { unmappedUse } from '../errors.js';
import type { KernelCall } from './mapping.js';

/** Attributes of tfjs's own convolutions and pools. */
export interface PlainWindow {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** What tfjs makes of them. @throws DnaError `EXPORT_OPERATION` where it rounds the output's size up. */
export function resolvedWindow(
  { kernel, recording }: KernelCall,
  info: tf.backend_util.Conv2DInfo,
): KernelAttributes<'Conv2d'> {
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const { top, bottom, left, right } = padInfo;
  const fits = (size: number, covered: number, stride: number) => Math.floor((size - covered) / stride) + 1;
  const height = fits(info.inHeight + top + bottom, info.effectiveFilterHeight, strideHeight);
  const width = fits(info.inWidth + left + right, info.effectiveFilterWidth, strideWidth);
  if (height !== info.outHeight || width !== info.outWidth)
    throw unmappedUse(kernel, recording.layer, 'its output is rounded up');
  return {
    strides: [strideHeight, strideWidth],
    padding: [top, bottom, left, right],
    dilations: [dilationHeight, dilationWidth],
  };
}
