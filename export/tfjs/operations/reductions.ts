import { unmappedUse } from '../../errors.js';
import type { GraphNode } from '../../graph/graph.js';
import { flag, wholes } from '../graph-def.js';
import { codeAxis, type Translation, type Translator, type Translators } from '../translation.js';
import { ints, windowAttributes } from './windows.js';

function reduction(op: string): Translator {
  return (translation, node) => {
    const [x, given] = node.inputs as [string, string?];
    const axes = given === undefined ? ints(node, 'axes') : translation.wholeNumbers(given);
    const { int: keepDims } = node.attributes.keepdims as { int: number };
    const ordered = axes.map((axis) => codeAxis(axis, translation.form(x)));
    reduce(translation, node, { op, axes: ordered, keepDims: keepDims === 1 });
  };
}

function reduce(
  translation: Translation,
  node: GraphNode,
  { op, axes, keepDims }: { op: string; axes: readonly number[]; keepDims: boolean },
): void {
  const list = translation.list(`${node.name}/axes`, axes);
  const inputs = [translation.reference(node.inputs[0]!), list];
  translation.compute(node, op, inputs, { keep_dims: flag(keepDims) });
}

/** Pools of TensorFlow.js know no padding but these two. @throws DnaError `EXPORT_OPERATION` */
function pool(op: 'AvgPool' | 'MaxPool'): Translator {
  return (translation, node) => {
    const [x] = node.inputs as [string];
    const { padding, attributes } = windowAttributes(node, translation.form(x));
    if (padding === 'EXPLICIT')
      throw unmappedUse(
        op,
        node.name,
        'its padding is neither SAME nor VALID, and a graph model has no other',
      );
    const ksize = wholes([1, ...ints(node, 'kernel_shape'), 1]);
    translation.compute(node, op, [translation.reference(x)], { ksize, ...attributes });
  };
}

/** What takes axes or windows together. */
export const reductions: Translators = {
  ReduceMean: reduction('Mean'),
  ReduceSum: reduction('Sum'),
  ReduceMax: reduction('Max'),
  ReduceMin: reduction('Min'),
  GlobalAveragePool: (translation, node) =>
    reduce(translation, node, { op: 'Mean', axes: [1, 2], keepDims: true }),
  // tfjs has softmax over the last axis alone, so the traced one is over that too.
  Softmax: (translation, node) =>
    translation.compute(node, 'Softmax', [translation.reference(node.inputs[0]!)]),
  AveragePool: pool('AvgPool'),
  MaxPool: pool('MaxPool'),
};
