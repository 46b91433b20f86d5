// Applies a configuration in a worker thread and tells what the loss plugin was made of.
import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { DnaError } from 'dna-nas/errors';
import { cosineDistance } from 'dna-nas/nn/ops';

const { config, project } = workerData;
try {
  const run = await applyPlugins(config, { project, main: false });
  const loss = await run.resolve('resolveLoss', 'distill.loss');
  parentPort.postMessage({
    name: loss.name,
    options: loss.options,
    sameClass: loss.classes?.every((one) => one === DnaError),
    sameFunction: loss.compute === cosineDistance,
    sameEngine: loss.engine === tf.engine(),
  });
} catch (error) {
  parentPort.postMessage({ code: error.code, message: error.message });
}
