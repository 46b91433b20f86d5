// Reads the images of a folder as training and as testing reads them, and prints as JSON what became of them. A
// process of its own: what it takes can be measured, and it may crash.
//   node scripts/hostile-image-reader.mjs FOLDER [THREADS]
// Every second image is a sound one, which takes the place of the one before it where that is damaged.
import { createHooks, randomStream } from 'dna-nas/core';
import { dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { peakMegabytes } from './peak-memory.mjs';

const [path, threads = '0'] = process.argv.slice(2);
const random = randomStream('hostile images');
const run = { hooks: createHooks(), seed: 1, project: path, main: true };
const options = {
  path,
  threads: Number(threads),
  imageSize: 64,
  heldOutPerClass: 0,
  testShare: 0,
  corruptLimit: 1_000_000,
};
dataImagenet(options).apply(run);
const source = await run.hooks.resolveData.promise({ slot: 'data' });
const dataset = await source.open();

const problems = [];
const noticed = (text) => problems.push(text);
const cases = dataset.description.size.train / 2;
let worstSeconds = 0;

/** By libjpeg-turbo, and by sharp. Seconds are the processors', which other processes do not lengthen. */
async function read(indices) {
  for (const [split, augment] of [
    ['train', random],
    ['test', undefined],
  ]) {
    const before = process.cpuUsage();
    await dataset.read(split, indices, { augment, noticed });
    const { user, system } = process.cpuUsage(before);
    worstSeconds = Math.max(worstSeconds, (user + system) / 1e6 / indices.length);
  }
}

const hostile = Array.from({ length: cases }, (_, index) => 2 * index);
if (options.threads > 0) await read(hostile);
else for (const index of hostile) await read([index]);
await dataset.close();
const refused = problems.length;
const worstMegabytes = peakMegabytes();
console.log(
  JSON.stringify({ cases, refused, accepted: cases - refused, worstMegabytes, worstSeconds, problems }),
);
