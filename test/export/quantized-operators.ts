import { at, generate, map } from './arrays.js';
import type { Node, Tensor } from './onnx-file.js';

/** Halves go to the even neighbour. */
const roundToEven = (value: number) => {
  const near = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && near % 2 !== 0 ? near - 1 : near;
};

/** To unsigned bytes, by one scale and zero. */
export const quantizeLinear = ([x, scale, zero]: readonly Tensor[]): Tensor =>
  map(x!, (value) => Math.min(255, Math.max(0, roundToEven(value / scale!.data[0]!) + zero!.data[0]!)));

/** By one scale, or one for each index of an axis. */
export const dequantizeLinear = ([x, scale, zero]: readonly Tensor[], { attributes }: Node): Tensor =>
  generate(x!.shape, (index) => {
    const place = scale!.shape.length === 0 ? 0 : index[(attributes.axis as number | undefined) ?? 1]!;
    return (at(x!, index) - zero!.data[place]!) * scale!.data[place]!;
  });
