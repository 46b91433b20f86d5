// Prints the SHA-256 of an MBConv's gradients, computed by some worker threads at the same time, a line each:
// node mb-conv-bits.mjs <threads of one op> <workers>
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { MBConv } from 'dna-nas/nn/layers';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { startCudaBackend } from 'dna-nas/plugins/backend-cuda';

const SIZE = { inputChannels: 12, outputChannels: 20, kernel: 5, expansion: 6, squeezeExcite: 0.25 };
const ROUNDS = 5;

function bits() {
  const layer = new MBConv(SIZE).initialise(randomStream('bits'));
  const x = tf.randomNormal([17, 9, 7, 12], 0, 1, 'float32', 1);
  const hash = createHash('sha256');
  for (let round = 0; round < ROUNDS; round++) {
    const result = gradients(
      () => tf.mean(tf.square(layer.forward(x, { mode: 'train' }))),
      layer.parameters(),
    );
    for (const gradient of result.gradients.values()) hash.update(gradient.dataSync());
    disposeGradients(result);
  }
  return hash.digest('hex');
}

const threads = Number(isMainThread ? process.argv[2] : workerData);
await startCudaBackend({ device: 'cpu', threads });
if (isMainThread) {
  for (let worker = 0; worker < Number(process.argv[3]); worker++) {
    new Worker(fileURLToPath(import.meta.url), { workerData: threads }).on('message', console.log);
  }
} else {
  parentPort.postMessage(bits());
}
