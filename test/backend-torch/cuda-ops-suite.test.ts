import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { it } from 'vitest';
import { opsSuite } from '../conformance/ops-suite.js';
import { gpuHere } from './gpu.js';

const { there, why } = gpuHere();

// The same suite as on the CPU: with our CUDA kernels where the addon has them, else with compositions of libtorch's.
if (there)
  opsSuite('torch', async () => void (await startTorchBackend({ device: 'cuda', deterministic: true })));
else it.skip(`nn/ops on a GPU: ${why}`, () => {});
