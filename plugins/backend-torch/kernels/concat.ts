import { tf } from 'dna-nas/nn';
import { stringKernel } from '../string-kernel.js';
import { type KernelCall, type TorchKernel, torchKernel } from '../torch-kernel.js';

const concat = torchKernel<tf.ConcatAttrs>('Concat', (call) => {
  const parts = Object.values(call.inputs);
  const [axis] = tf.util.parseAxisParam(call.attributes.axis, parts[0]!.shape);
  call.ops.concat!(handles(call), axis!);
});

const pack = torchKernel<tf.PackAttrs>('Pack', (call) => {
  const [first, ...others] = Object.values(call.inputs).map(({ dtype }) => dtype);
  tf.util.assert(
    others.every((dtype) => dtype === first),
    () => `Pack: expected tensors of one type, found ${[first, ...others].join(', ')}.`,
  );
  call.ops.pack!(handles(call), call.attributes.axis);
});

export const CONCAT_KERNELS: readonly TorchKernel[] = [stringKernel(concat), stringKernel(pack)];

function handles<A>({ inputs, backend }: KernelCall<A>): number[] {
  return Object.values(inputs).map((part) => backend.handle(part));
}
