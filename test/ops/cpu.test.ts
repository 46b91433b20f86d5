import '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';
import { opsSuite } from '../conformance/ops-suite.js';

opsSuite('cpu', async () => {
  await tf.setBackend('cpu');
  await tf.ready();
});
