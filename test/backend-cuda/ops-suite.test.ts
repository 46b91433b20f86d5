import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';
import { opsSuite } from '../conformance/ops-suite.js';
import { describeCuda } from './installed.js';

describeCuda('conformance', () => {
  opsSuite('tensorflow', async () => void (await startCudaBackend({ device: 'cpu' })));
});
