import { unmappedUse } from '../../errors.js';
import type { GraphNode } from '../../graph/graph.js';
import { flag, real, texts, whole, wholes } from '../graph-def.js';
import type { Translation, Translators } from '../translation.js';
import { ints, windowAttributes } from './windows.js';

/** OIHW → HWIO; [c·m, 1, h, w], seen as [c, m, h, w] → [h, w, c, m]. */
const TO_HWIO = [2, 3, 1, 0];
const TO_DEPTHWISE = [2, 3, 0, 1];

/** What makes an operation one that adds a bias, its third input. */
const BIAS_ADDED = { num_args: whole(1), fused_ops: texts(['BiasAdd']), epsilon: real(0) };

/** With its bias it is one operation, as TensorFlow's own optimiser makes it. */
function convolution(translation: Translation, node: GraphNode): void {
  const [x, filter, bias] = node.inputs as [string, string, string?];
  const { int: groups } = node.attributes.group as { int: number };
  const attributes = {
    ...windowAttributes(node, translation.form(x)).attributes,
    dilations: wholes([1, ...dilationsOf(node), 1]),
  };
  const weights =
    groups > 1 ? depthwise(translation, filter, groups) : translation.constant(filter, { perm: TO_HWIO });
  const [plain, fused] =
    groups > 1
      ? ['DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative']
      : (['Conv2D', '_FusedConv2D'] as const);
  const inputs = [translation.reference(x), weights];
  if (bias === undefined) translation.compute(node, plain, inputs, attributes);
  else
    translation.compute(node, fused, [...inputs, translation.constant(bias)], {
      ...attributes,
      ...BIAS_ADDED,
    });
}

/** @throws DnaError `EXPORT_OPERATION` where the window is strided too, which TensorFlow.js does not compute */
function dilationsOf(node: GraphNode): readonly number[] {
  const [strides, dilations] = [ints(node, 'strides'), ints(node, 'dilations')];
  const isOne = (step: number) => step === 1;
  if (strides.every(isOne) || dilations.every(isOne)) return dilations;
  throw unmappedUse(
    'Conv2D',
    node.name,
    'its window has strides and dilations, and TensorFlow.js takes one of them',
  );
}

function depthwise(translation: Translation, filter: string, channels: number): string {
  const [outputs, , height, width] = translation.constantOf(filter).shape as [number, number, number, number];
  return translation.constant(filter, {
    shape: [channels, outputs / channels, height, width],
    perm: TO_DEPTHWISE,
  });
}

function batchNormalization(translation: Translation, node: GraphNode): void {
  const [x, ...vectors] = node.inputs as [string, ...string[]];
  const { float: epsilon } = node.attributes.epsilon as { float: number };
  const inputs = [translation.reference(x), ...vectors.map((vector) => translation.constant(vector))];
  translation.compute(node, 'FusedBatchNormV3', inputs, {
    epsilon: real(epsilon),
    is_training: flag(false),
  });
}

/** Rows times a matrix [n, k], as PyTorch has it, plus a vector where there is one. */
function gemm(translation: Translation, node: GraphNode): void {
  const [rows, matrix, bias] = node.inputs as [string, string, string?];
  const factors = [translation.reference(rows), translation.constant(matrix, { perm: [1, 0] })];
  const attributes = { transpose_a: flag(false), transpose_b: flag(false) };
  if (bias === undefined) translation.compute(node, 'MatMul', factors, attributes);
  else
    translation.compute(node, '_FusedMatMul', [...factors, translation.constant(bias)], {
      ...attributes,
      ...BIAS_ADDED,
    });
}

function matMul(translation: Translation, node: GraphNode): void {
  const factors = node.inputs.map((value) => translation.reference(value));
  translation.compute(node, 'BatchMatMulV2', factors, { adj_x: flag(false), adj_y: flag(false) });
}

/** What has weights: convolutions, norms and products of matrices. */
export const convolutions: Translators = {
  Conv: convolution,
  BatchNormalization: batchNormalization,
  Gemm: gemm,
  MatMul: matMul,
};
