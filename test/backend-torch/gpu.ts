import { gpuFault, readInstallation } from 'dna-nas/plugins/backend-torch';
import { loadNative } from '../../dist/plugins/backend-torch/binding.js';

/** Whether the installed backend computes on a GPU here; why not. */
export function gpuHere(): { readonly there: boolean; readonly why: string } {
  const installation = readInstallation();
  if (!installation) return { there: false, why: 'the torch backend is not installed' };
  if (installation.cuda === null) return { there: false, why: 'the torch backend was built without CUDA' };
  const fault = gpuFault(loadNative().gpus(), installation.architectures);
  return { there: fault === undefined, why: `it ${fault?.reason}` };
}
