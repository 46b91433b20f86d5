import type { TorchKernel } from '../../torch-kernel.js';
import { namedKernel } from './named-kernel.js';

/**
 * Declares a kernel that gives tensors new values: if each is the only one with its data they get them in place, and the
 * result is no tensors; else the results are tensors as ever. The op is told whether it may write them.
 * @param width So many inputs belong together: what gets a new value, what it is made of, more that gets one.
 */
function inPlaceKernel(name: 'Blend' | 'AdamStep' | 'SgdStep' | 'RmspropStep', width: number): TorchKernel {
  return namedKernel(name, (op, { inputs, backend }, values) => {
    const targets = Object.values(inputs).filter((_, index) => index % width !== 1);
    const may = backend.unshared(targets);
    op(backend.handles(inputs), ...values, may);
    if (!may) return undefined;
    backend.replace(targets);
    return [];
  });
}

export const IN_PLACE_KERNELS: readonly TorchKernel[] = [
  inPlaceKernel('Blend', 2),
  inPlaceKernel('SgdStep', 3),
  inPlaceKernel('AdamStep', 4),
  inPlaceKernel('RmspropStep', 4),
];
