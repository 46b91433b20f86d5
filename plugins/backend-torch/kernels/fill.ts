import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';
import { typeCode } from './cast.js';

const fill = torchKernel<tf.FillAttrs>('Fill', ({ attributes, ops }) => {
  const { shape, value } = attributes;
  const dtype = attributes.dtype || tf.util.inferDtype(value);
  ops.fill(shape, Number(value), typeCode(dtype));
});

const range = torchKernel<tf.RangeAttrs>('Range', ({ attributes, ops }) => {
  const { start, stop, dtype } = attributes;
  // tfjs turns the default step round where the range falls.
  const step = stop < start && attributes.step === 1 ? -1 : attributes.step;
  const count = Math.max(0, Math.ceil((stop - start) / step));
  ops.range(start, step, count, typeCode(dtype));
});

const linSpace = torchKernel<tf.LinSpaceAttrs>('LinSpace', ({ attributes, ops }) =>
  ops.linSpace(attributes.start, attributes.stop, attributes.num),
);

export const FILL_KERNELS: readonly TorchKernel[] = [fill, range, linSpace];
