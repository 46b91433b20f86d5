import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { opsSuite } from '../conformance/ops-suite.js';
import { describeCuda } from './installed.js';

describeCuda('conformance of the published binary, without ops of ours', () => {
  const setUp = async () => {
    const backend = await startCudaBackend({ device: 'cpu' });
    Object.assign(backend.package, { ownOps: false });
  };
  opsSuite('tensorflow without ops of ours', setUp, { backend: 'tensorflow' });
});
