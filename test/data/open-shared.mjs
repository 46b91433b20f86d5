// A worker thread: opens the shared data set of its parent and answers with one augmented batch for each message.
import { parentPort, workerData } from 'node:worker_threads';
import { createHooks, randomStream } from 'dna-nas/core';
import { dataIdx } from 'dna-nas/plugins/data-idx';

const run = { hooks: createHooks(), seed: 1, project: '/nowhere', main: false, resolve() {} };
dataIdx(workerData.options).apply(run);
const source = await run.hooks.resolveData.promise({ slot: 'data' });
const dataset = await source.open(workerData.shared);
parentPort.on('message', ({ split, indices, seed }) => {
  const options = seed === undefined ? {} : { augment: randomStream(seed) };
  parentPort.postMessage(dataset.read(split, indices, options));
});
