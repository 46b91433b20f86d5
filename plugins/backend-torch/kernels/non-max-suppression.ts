import { tf } from 'dna-nas/nn';
import type { TorchBackend } from '../torch-backend.js';
import { type KernelCall, type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';

/**
 * How many boxes stay depends on their values, and each choice on the one before: tfjs's own loop on the host does it,
 * on every device.
 */
interface Attributes {
  readonly maxOutputSize: number;
  readonly iouThreshold: number;
  readonly scoreThreshold: number;
}

interface Candidates {
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
}

function candidatesOf({ inputs, backend }: Pick<KernelCall, 'inputs' | 'backend'>): Candidates {
  const read = (input: tf.TensorInfo) => Float32Array.from(backend.readSync(input.dataId) as Float32Array);
  return { boxes: read(inputs.boxes!), scores: read(inputs.scores!) };
}

function integers(backend: TorchBackend, values: readonly number[], shape = [values.length]): tf.TensorInfo {
  return { dataId: backend.write(Int32Array.from(values), shape, 'int32'), shape, dtype: 'int32' };
}

const plain = torchKernel<Attributes>('NonMaxSuppressionV3', (call) => {
  const { boxes, scores } = candidatesOf(call);
  const { maxOutputSize, iouThreshold, scoreThreshold } = call.attributes;
  const { selectedIndices } = tf.kernel_impls.nonMaxSuppressionV3Impl(
    boxes,
    scores,
    maxOutputSize,
    iouThreshold,
    scoreThreshold,
  );
  return integers(call.backend, selectedIndices);
});

const padded = torchListKernel<Attributes & { readonly padToMaxOutputSize: boolean }>(
  'NonMaxSuppressionV4',
  (call) => {
    const { boxes, scores } = candidatesOf(call);
    const { maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize } = call.attributes;
    const { selectedIndices, validOutputs } = tf.kernel_impls.nonMaxSuppressionV4Impl(
      boxes,
      scores,
      maxOutputSize,
      iouThreshold,
      scoreThreshold,
      padToMaxOutputSize,
    );
    return [integers(call.backend, selectedIndices), integers(call.backend, [validOutputs!], [])];
  },
);

const scored = torchListKernel<Attributes & { readonly softNmsSigma: number }>(
  'NonMaxSuppressionV5',
  (call) => {
    const { boxes, scores } = candidatesOf(call);
    const { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma } = call.attributes;
    const { selectedIndices, selectedScores } = tf.kernel_impls.nonMaxSuppressionV5Impl(
      boxes,
      scores,
      maxOutputSize,
      iouThreshold,
      scoreThreshold,
      softNmsSigma,
    );
    const shape = [selectedScores!.length];
    const dataId = call.backend.write(Float32Array.from(selectedScores!), shape, 'float32');
    return [integers(call.backend, selectedIndices), { dataId, shape, dtype: 'float32' }];
  },
);

export const NON_MAX_SUPPRESSION_KERNELS: readonly TorchKernel[] = [plain, padded, scored];
