import { BatchNorm } from '../layers/batch-norm.js';
import type { Module, ModuleTensor } from '../module.js';

/**
 * A frozen copy of a network for inference: every batch norm with its running statistics goes into the weights and
 * a bias of the convolution before it, so that the copy's forward equals the network's in `evaluate`. The network
 * keeps its own tensors; a fused activation stays.
 * @throws If a module of the network has no `withoutBatchNorm`, or a tensor of the copy has no origin.
 */
export function foldBatchNorms<M extends Module>(network: M): M {
  const folded = network.withoutBatchNorm() as M;
  const pairs = collectPairs(network);
  const sources = network.tensors();
  for (const [name, target] of folded.tensors()) {
    const [, convolution = '', kind = ''] = /^(.*)\.(weight|bias)$/.exec(name) ?? [];
    const norm = pairs.get(convolution);
    if (norm) target.set(foldedValues({ kind, sources, convolution, norm }));
    else target.set(values(sources.get(name), name).slice());
  }
  return folded;
}

/** Batch norms by the full name of the convolution before them. */
function collectPairs(module: Module, prefix = ''): Map<string, BatchNorm> {
  const pairs = new Map<string, BatchNorm>();
  const children = module.children();
  for (const [convolution, norm] of module.foldable()) {
    const batchNorm = children.get(norm);
    if (batchNorm instanceof BatchNorm) pairs.set(prefix + convolution, batchNorm);
  }
  for (const [name, child] of children) {
    for (const [path, norm] of collectPairs(child, module.childPrefix(name, prefix))) pairs.set(path, norm);
  }
  return pairs;
}

function foldedValues(request: {
  readonly kind: string;
  readonly sources: ReadonlyMap<string, ModuleTensor>;
  readonly convolution: string;
  readonly norm: BatchNorm;
}): Float32Array {
  const { kind, sources, convolution, norm } = request;
  const { scale, shift } = scaleAndShift(norm);
  if (kind === 'weight') {
    // Output channels run fastest in memory, of a plain filter as of a depthwise one.
    const weight = values(sources.get(`${convolution}.weight`), convolution);
    return weight.map((value, index) => value * scale[index % scale.length]!);
  }
  const bias = sources.get(`${convolution}.bias`)?.value.dataSync();
  return Float32Array.from(shift, (value, channel) => value + (bias ? bias[channel]! * scale[channel]! : 0));
}

function scaleAndShift(norm: BatchNorm): { scale: Float64Array; shift: Float64Array } {
  const [weight, bias, mean, variance] = [norm.weight, norm.bias, norm.runningMean, norm.runningVariance].map(
    (tensor) => tensor.value.dataSync(),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = Float64Array.from(
    weight,
    (value, index) => value / Math.sqrt(variance[index]! + norm.epsilon),
  );
  return { scale, shift: scale.map((value, index) => bias[index]! - mean[index]! * value) };
}

function values(tensor: ModuleTensor | undefined, name: string): Float32Array {
  if (!tensor)
    throw new Error(`Folding found no tensor "${name}" in the network; its withoutBatchNorm() adds it.`);
  return tensor.value.dataSync() as Float32Array;
}
