import { KERNELS } from 'dna-nas/nn/kernels';
import type { TorchKernel } from '../../torch-kernel.js';
import { namedKernel } from './named-kernel.js';

const WEIGHTS = KERNELS.MbConvTraining.inputs.slice(1);
const KEPT = KERNELS.MbConvTraining.outputs.slice(1);

/** Inputs but the first few are lists: the weights, and what the gradient needs of the forward pass. */
const training = namedKernel('MbConvTraining', (op, { tensor }, values) =>
  op(tensor('x'), WEIGHTS.map(tensor), ...values),
);
const gradient = namedKernel('MbConvTrainingGrad', (op, { tensor }, values) =>
  op(tensor('dy'), tensor('x'), WEIGHTS.map(tensor), KEPT.map(tensor), ...values),
);
const folded = namedKernel('MbConvFolded', (op, { inputs, backend }, values) => {
  const [x, ...weights] = backend.handles(inputs);
  return op(x!, weights, ...values);
});

/** Written for float32 on the CPU: elsewhere the ops of its parts run. */
export const MB_CONVS: readonly TorchKernel[] = [training, gradient, folded].map((kernel) => ({
  ...kernel,
  needs: 'float32 on the CPU',
}));
