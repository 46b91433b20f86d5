import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { opsSuite } from '../conformance/ops-suite.js';
import { describeTorch } from './installed.js';

describeTorch('conformance in bf16', () => {
  const setUp = async () => void (await startTorchBackend({ device: 'cpu', precision: 'bf16' }));
  opsSuite('torch in bf16', setUp, { backend: 'torch', precision: 'bf16' });
});
