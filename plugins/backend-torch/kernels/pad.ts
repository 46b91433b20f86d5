import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const padV2 = torchKernel<tf.PadV2Attrs>('PadV2', ({ inputs, tensor, attributes, backend, ops }) => {
  const { paddings, constantValue } = attributes;
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return backend.share(inputs.x!);
  const [before, after] = borders(paddings);
  ops.pad(tensor('x'), before, after, constantValue);
});

const mirrorPad = torchKernel<tf.MirrorPadAttrs>('MirrorPad', ({ tensor, attributes, ops }) => {
  const [before, after] = borders(attributes.paddings);
  ops.mirrorPad(tensor('x'), before, after, attributes.mode === 'symmetric');
});

export const PAD_KERNELS: readonly TorchKernel[] = [padV2, mirrorPad];

function borders(paddings: ReadonlyArray<readonly [number, number]>): [number[], number[]] {
  return [paddings.map(([before]) => before), paddings.map(([, after]) => after)];
}
