import type { tf } from 'dna-nas/nn';
import { typeNotOffered } from '../errors.js';
import { TYPE_CODES, type TypeCode } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const cast = torchKernel<tf.CastAttrs>('Cast', ({ inputs, tensor, attributes, backend, ops }) => {
  const { dtype } = attributes;
  if (inputs.x!.dtype === dtype) return backend.share(inputs.x!);
  ops.cast(tensor('x'), typeCode(dtype));
});

const identity = torchKernel('Identity', ({ inputs, backend }) => backend.share(inputs.x!));

export const CAST_KERNELS: readonly TorchKernel[] = [cast, identity];

/** The addon's code of a type; throws for complex numbers and strings. */
export function typeCode(dtype: tf.DataType): TypeCode {
  if (dtype === 'complex64' || dtype === 'string') throw typeNotOffered(dtype);
  return TYPE_CODES[dtype];
}
