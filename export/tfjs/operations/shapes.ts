import type { GraphNode } from '../../graph/graph.js';
import { graphAxis } from '../../tracing/layout.js';
import { whole } from '../graph-def.js';
import { codeAxis, codeOrder, type Translation, type Translators } from '../translation.js';

/** Elements are in the code's order on both sides, so that the shape alone changes. */
function reshape(translation: Translation, node: GraphNode): void {
  const { shape } = translation.form(node.outputs[0]!);
  const list = translation.list(`${node.name}/shape`, shape);
  translation.compute(node, 'Reshape', [translation.reference(node.inputs[0]!), list]);
}

/** Nothing is to be done where it only brings a map into another layout in our graph. */
function transpose(translation: Translation, node: GraphNode): void {
  const [[x], [output]] = [node.inputs, node.outputs] as [[string], [string]];
  const { ints: perm } = node.attributes.perm as { ints: readonly number[] };
  const [from, to] = [translation.form(x), translation.form(output)];
  const own = to.shape.map((_, axis) => codeAxis(perm[to.isMap ? graphAxis(axis, 4) : axis]!, from));
  const reference = translation.reference(x);
  if (own.every((axis, place) => axis === place)) translation.alias(output, reference);
  else translation.compute(node, 'Transpose', [reference, translation.list(`${node.name}/perm`, own)]);
}

function concat(translation: Translation, node: GraphNode): void {
  const form = translation.form(node.outputs[0]!);
  const { int: axis } = node.attributes.axis as { int: number };
  const parts = node.inputs.map((input) => translation.operand(input, form));
  const inputs = [...parts, translation.index(`${node.name}/axis`, codeAxis(axis, form))];
  translation.compute(node, 'ConcatV2', inputs, { N: whole(parts.length) });
}

function pad(translation: Translation, node: GraphNode): void {
  const [x, list, value] = node.inputs as [string, string, string?];
  const form = translation.form(x);
  const numbers = translation.wholeNumbers(list);
  const rank = form.shape.length;
  const pairs = form.shape.map((_, axis) => [numbers[axis]!, numbers[axis + rank]!] as const);
  const pads = translation.pairs(`${node.name}/pads`, codeOrder(pairs, form));
  const filling =
    value === undefined ? translation.number(`${node.name}/value`, 0) : translation.constant(value);
  translation.compute(node, 'PadV2', [translation.reference(x), pads, filling]);
}

/** −1 is the rest of an axis. */
function slice(translation: Translation, node: GraphNode): void {
  const [x, ...lists] = node.inputs as [string, string, string, string];
  const [starts, ends, axes] = lists.map((list) => translation.wholeNumbers(list)) as [
    number[],
    number[],
    number[],
  ];
  const form = translation.form(x);
  const [begin, size] = [form.shape.map(() => 0), form.shape.map(() => -1)];
  axes.forEach((axis, place) => {
    const own = codeAxis(axis, form);
    begin[own] = starts[place]!;
    size[own] = ends[place]! - starts[place]!;
  });
  const from = translation.list(`${node.name}/begin`, begin);
  const extents = translation.list(`${node.name}/size`, size);
  translation.compute(node, 'Slice', [translation.reference(x), from, extents]);
}

function split(translation: Translation, node: GraphNode): void {
  const [x, sizes] = node.inputs as [string, string];
  const { int: axis } = node.attributes.axis as { int: number };
  const list = translation.list(`${node.name}/sizes`, translation.wholeNumbers(sizes));
  const own = translation.index(`${node.name}/axis`, codeAxis(axis, translation.form(x)));
  const attributes = { num_split: whole(node.outputs.length) };
  translation.compute(node, 'SplitV', [translation.reference(x), list, own], attributes);
}

/** What moves elements about. */
export const shapes: Translators = {
  Reshape: reshape,
  Flatten: reshape,
  Transpose: transpose,
  Concat: concat,
  Pad: pad,
  Slice: slice,
  Split: split,
};
