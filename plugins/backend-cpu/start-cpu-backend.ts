import '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';

/** Makes tfjs's plain JavaScript backend the current one: the slow reference. */
export async function startCpuBackend(): Promise<void> {
  if (!(await tf.setBackend('cpu'))) {
    throw new Error('tfjs could not start its cpu backend; its own message stands above.');
  }
  await tf.ready();
  // Its advice to install another package is not for our users' terminals.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
}
