import type { tf } from 'dna-nas/nn';
import type { Window } from '../native-ops.js';

/** How tfjs writes the padding of convolutions and pools. */
export type Padding = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
export type Rounding = 'floor' | 'round' | 'ceil' | undefined;
export type PerAxis<Tuple> = number | Tuple;
export type Pair = [number, number];
export type Triple = [number, number, number];
export type Shape4 = [number, number, number, number];
export type Shape5 = [number, number, number, number, number];

/** The window of tfjs's description of a convolution or pool over two axes. */
export function window2D(info: tf.backend_util.Conv2DInfo): Window {
  return [
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.outHeight,
    info.outWidth,
  ] as readonly number[] as Window;
}

/** The window of tfjs's description of a convolution or pool over three axes. */
export function window3D(info: tf.backend_util.Conv3DInfo): Window {
  return [
    info.filterDepth,
    info.filterHeight,
    info.filterWidth,
    info.strideDepth,
    info.strideHeight,
    info.strideWidth,
    info.dilationDepth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.front,
    info.padInfo.top,
    info.padInfo.left,
    info.outDepth,
    info.outHeight,
    info.outWidth,
  ] as readonly number[] as Window;
}
