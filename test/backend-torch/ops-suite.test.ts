import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { opsSuite } from '../conformance/ops-suite.js';
import { describeTorch } from './installed.js';

describeTorch('conformance', () => {
  opsSuite('torch', async () => void (await startTorchBackend()));
});
