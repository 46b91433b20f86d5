// What the backend says of itself on the device.
import { tf } from 'dna-nas/nn';
import { openDevice } from '../device.mjs';

export async function run({ device }) {
  const backend = await openDevice({ device });
  const [sum] = tf.tidy(() => tf.sum(tf.ones([1000])).dataSync());
  return { ...backend.native.describe(), memory: backend.native.memory(), sum };
}
