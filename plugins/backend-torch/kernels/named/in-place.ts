import type { tf } from 'dna-nas/nn';
import type { TorchBackend } from '../../torch-backend.js';
import type { KernelResult } from '../../torch-kernel.js';

/**
 * Runs an op of new values for tensors: if each is the only one with its data they get them in place, and the result is
 * no tensors; else the results are tensors as ever.
 * @param op Is told whether it may write them.
 */
export function inPlace(
  backend: TorchBackend,
  targets: readonly tf.TensorInfo[],
  op: (may: boolean) => void,
): KernelResult {
  const may = backend.unshared(targets);
  op(may);
  if (!may) return undefined;
  backend.replace(targets);
  return [];
}
