/** Entry of a thread that decodes images. */
import { parentPort, workerData } from 'node:worker_threads';
import { applyPlugins } from 'dna-nas/core/plugin';
import { stageAugmentations } from './augmentations.js';
import type { ThreadOrder, ThreadReply, ThreadStart } from './decode-messages.js';
import { ImageProducer } from './image-producer.js';
import { workOnBatch } from './work-on-batch.js';

const port = parentPort!;
const { catalogue, options, run } = workerData as ThreadStart;
const reply = (message: ThreadReply): void => port.postMessage(message);

const producer = open();
// One batch after the other: an image in the making has the thread's memory to itself.
let work: Promise<unknown> = producer;

port.on('message', (order: ThreadOrder) => {
  work = work.then(async () => workOnBatch(await producer, order, reply));
});

async function open(): Promise<ImageProducer> {
  const applied = run && (await applyPlugins(run.config, { project: run.project, main: false }));
  return new ImageProducer(catalogue, options, await stageAugmentations(options, applied?.hooks));
}
