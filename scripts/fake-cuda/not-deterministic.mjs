// An op that libtorch has in no deterministic form, where determinism is promised: it must be an error that names it.
import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';

await startTorchBackend({ device: 'cuda', deterministic: true });
const gradient = tf.grad((x) => tf.sum(tf.maxPool3d(x, 3, 2, 'same')));
let told = 'nothing';
try {
  gradient(tf.ones([1, 4, 4, 4, 2])).dataSync();
} catch (error) {
  told = `${error.code}: ${error.message}`;
}
if (!/^NOT_DETERMINISTIC: .*max_pool3d/.test(told)) {
  console.error(`the gradient of maxPool3d with deterministic: true says ${told}`);
  process.exitCode = 1;
}
