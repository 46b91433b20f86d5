import { type NativeTensor, TYPES } from '../binding.js';
import { attribute, type CudaKernel, cudaKernel, type KernelCall } from '../cuda-kernel.js';

/** The smoothed labels as distributions. */
function wanted(
  call: KernelCall,
  labels: NativeTensor,
  { classes, smoothing }: { classes: number; smoothing: number },
) {
  const [share, level] = [1 - smoothing, smoothing / classes];
  if (labels.dtype === TYPES.int32) {
    const depth = call.backend.constants.integer(classes);
    const values = [call.scalar(share + level), call.scalar(level)];
    return call.op('OneHot', [labels, depth, ...values], [attribute.int('axis', -1)]);
  }
  if (smoothing === 0) return labels;
  return call.op('AddV2', [call.op('Mul', [labels, call.scalar(share)]), call.scalar(level)]);
}

/** softmax · Σ labels − labels; TensorFlow's has no sum, which is 1 of class numbers alone for sure. */
function weighed(call: KernelCall, excess: NativeTensor, labels: NativeTensor): NativeTensor {
  const total = call.op('Sum', [labels, call.integers([1])], [attribute.bool('keep_dims', true)]);
  const probabilities = call.op('AddV2', [excess, labels]);
  return call.op('Sub', [call.op('Mul', [probabilities, total]), labels]);
}

const softmaxCrossEntropy = cudaKernel('SoftmaxCrossEntropy', (call, inputs, { smoothing }) => {
  const { logits, labels: given } = inputs;
  const [batch, classes] = logits.shape as [number, number];
  const labels = wanted(call, given, { classes, smoothing });
  const [losses, plain] = call.ops('SoftmaxCrossEntropyWithLogits', [logits, labels], [], 2);
  const excess = given.dtype === TYPES.int32 ? plain! : weighed(call, plain!, labels);
  const loss = call.op('Mean', [losses!, call.integers([0])]);
  return { loss, dlogits: call.op('Mul', [excess, call.scalar(1 / batch)]) };
});

export const CLASSIFICATION_LOSSES: readonly CudaKernel[] = [softmaxCrossEntropy];
