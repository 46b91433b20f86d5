import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { timmSuite } from '../conformance/timm-suite.js';
import { describeTorch } from './installed.js';

describeTorch('teachers', () => {
  timmSuite('torch', async () => void (await startTorchBackend()));
});
