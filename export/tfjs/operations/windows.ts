import type { GraphNode, ValueForm } from '../../graph/graph.js';
import { type NodeAttributes, text, wholes } from '../graph-def.js';

/** The list of whole numbers that an attribute holds. */
export function ints({ attributes }: GraphNode, name: string): readonly number[] {
  return (attributes[name] as { ints: readonly number[] }).ints;
}

/** A window over rows and columns as TensorFlow has it. */
export interface WindowAttributes {
  readonly padding: 'VALID' | 'SAME' | 'EXPLICIT';
  readonly attributes: NodeAttributes;
}

/** The window of a convolution or pool that reads a map: its strides, and its padding by name where it has one. */
export function windowAttributes(node: GraphNode, x: ValueForm): WindowAttributes {
  const [top, left, bottom, right] = ints(node, 'pads') as [number, number, number, number];
  const strides = ints(node, 'strides');
  const padding = nameOf([top, left, bottom, right], sameAs(node, x));
  return {
    padding,
    attributes: {
      strides: wholes([1, ...strides, 1]),
      padding: text(padding),
      ...(padding === 'EXPLICIT' && {
        explicit_paddings: wholes([0, 0, top, bottom, left, right, 0, 0]),
      }),
      data_format: text('NHWC'),
    },
  };
}

function nameOf(pads: readonly number[], same: readonly number[]): WindowAttributes['padding'] {
  if (pads.every((pad) => pad === 0)) return 'VALID';
  return pads.join() === same.join() ? 'SAME' : 'EXPLICIT';
}

/** The pads that SAME comes to: as many positions as strides fit, the odd pixel at the bottom and right. */
function sameAs(node: GraphNode, { shape }: ValueForm): number[] {
  const [kernel, strides] = [ints(node, 'kernel_shape'), ints(node, 'strides')];
  const dilations = 'dilations' in node.attributes ? ints(node, 'dilations') : [1, 1];
  const sums = [0, 1].map((axis) => {
    const size = shape[axis + 1]!;
    const covered = (kernel[axis]! - 1) * dilations[axis]! + 1;
    return Math.max(0, (Math.ceil(size / strides[axis]!) - 1) * strides[axis]! + covered - size);
  });
  const before = sums.map((sum) => Math.floor(sum / 2));
  return [...before, ...sums.map((sum, axis) => sum - before[axis]!)];
}
