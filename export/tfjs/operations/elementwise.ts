import type { GraphNode } from '../../graph/graph.js';
import { real } from '../graph-def.js';
import type { Translation, Translator, Translators } from '../translation.js';

function unary(op: string): Translator {
  return (translation, node) => translation.compute(node, op, [translation.reference(node.inputs[0]!)]);
}

function binary(op: string): Translator {
  return (translation, node) => {
    const form = translation.form(node.outputs[0]!);
    const operands = node.inputs.map((input) => translation.operand(input, form));
    translation.compute(node, op, operands);
  };
}

function leakyRelu(translation: Translation, node: GraphNode): void {
  const { float: alpha } = node.attributes.alpha as { float: number };
  translation.compute(node, 'LeakyRelu', [translation.reference(node.inputs[0]!)], { alpha: real(alpha) });
}

function clip(translation: Translation, node: GraphNode): void {
  const [x, ...bounds] = node.inputs as [string, ...string[]];
  const isRelu6 = bounds.map((bound) => translation.constantOf(bound).data[0]).join() === '0,6';
  const limits = isRelu6 ? [] : bounds.map((bound) => translation.constant(bound));
  translation.compute(node, isRelu6 ? 'Relu6' : 'ClipByValue', [translation.reference(x), ...limits]);
}

/** Activations, functions of single elements, and sums and products of two tensors. */
export const elementwise: Translators = {
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Tanh: unary('Tanh'),
  Elu: unary('Elu'),
  Selu: unary('Selu'),
  LeakyRelu: leakyRelu,
  Softplus: unary('Softplus'),
  Clip: clip,
  Exp: unary('Exp'),
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Reciprocal: unary('Reciprocal'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Add: binary('AddV2'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('RealDiv'),
  Max: binary('Maximum'),
  Min: binary('Minimum'),
  Pow: binary('Pow'),
};
