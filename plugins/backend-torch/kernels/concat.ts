import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const concat = torchKernel<tf.ConcatAttrs>('Concat', (call) => {
  const parts = Object.values(call.inputs);
  const [axis] = tf.util.parseAxisParam(call.attributes.axis, parts[0]!.shape);
  call.ops.concat(call.backend.handles(call.inputs), axis!);
});

const pack = torchKernel<tf.PackAttrs>('Pack', (call) => {
  const [first, ...others] = Object.values(call.inputs).map(({ dtype }) => dtype);
  tf.util.assert(
    others.every((dtype) => dtype === first),
    () => `Pack: expected tensors of one type, found ${[first, ...others].join(', ')}.`,
  );
  call.ops.pack(call.backend.handles(call.inputs), call.attributes.axis);
});

export const CONCAT_KERNELS: readonly TorchKernel[] = [concat, pack];
