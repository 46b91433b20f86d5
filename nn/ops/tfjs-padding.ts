import type { Conv2dAttributes } from '../kernels/table.js';

/** Explicit padding in the form tfjs takes for NHWC. */
export function tfjsPadding(
  padding: Conv2dAttributes['padding'],
): [[number, number], [number, number], [number, number], [number, number]] {
  const [top, bottom, left, right] = padding;
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}
