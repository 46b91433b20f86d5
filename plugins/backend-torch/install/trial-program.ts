/**
 * A program of its own: starts the installed backend on the device that it is given, multiplies two matrices and, asked
 * for `kernels`, compares each kernel of ours with the composition of plain ops. Prints what the backend says of
 * itself, or why no GPU can be used.
 */
import { availableParallelism } from 'node:os';
import { requireExactProduct, requireKernels } from 'dna-nas/nn/kernels';
import { loadNative } from '../binding.js';
import { gpuFault } from '../gpu-fault.js';
import { startTorchBackend } from '../start-torch-backend.js';
import { readInstallation } from './installation.js';

const [device = 'cpu', ...words] = process.argv.slice(2);
const installation = readInstallation();
const fault =
  device === 'cpu' || installation?.cuda === null
    ? undefined
    : gpuFault(loadNative().gpus(), installation?.architectures ?? []);

if (fault && device !== 'auto') print({ fault: { reason: fault.reason, fix: fault.fix } });
else print({ ...(await tried()), ...(fault?.surprising && { passedOver: fault.reason }) });

async function tried() {
  await startTorchBackend({ device, threads: availableParallelism() });
  await requireExactProduct();
  if (words.includes('kernels')) await requireKernels();
  return loadNative().describe();
}

function print(told: object): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
