// Do errors of blocks add up? Networks of a run that has rated its candidates, assembled as trained: each block reads what
// the block before puts out, batch norm is computed anew along the whole network, and the teacher's head answers. Written
// as a table for `dna audit`, its rating the divergence of the answer from the teacher's, beside the sum of ratings.
//
//   node scripts/assembled.mjs RUN TRUTH.csv --networks 200 --out ASSEMBLED.csv [--set data.path=…]
//
// For spaces whose cells keep the teacher's channels at the blocks' borders, with a teacher that can go on from features.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatScores, kendallTau, rankValues, readRunScores } from 'dna-nas/audit';
import { readSettings } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { openStoredRun } from 'dna-nas/core/run';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { BatchOrder, KeptStatistics } from 'dna-nas/nn/training';
import { openWorld } from '../dist/core/run/world.js';
import { openTrained } from '../dist/plugins/rank-candidates/open-trained.js';
import { answerDivergence } from '../dist/plugins/ratings/answer-kl.js';

const [BATCH, CALIBRATION_BATCHES, BATCHES] = [125, 2, 4];
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: 'string', default: '200' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [folderPath, truth] = positionals;
const machine = Object.fromEntries(readSettings(options.set).map(({ path, value }) => [path, value]));
const table = await readRunScores({ folder: folderPath, truth, machine });
const { folder, run } = await openStoredRun({ folder: folderPath, machine });
await (await run.resolve('resolveBackend', 'backend')).start({ workers: 1 });
const world = await openWorld(run);
const teacher = await world.teacher();
const blocks = world.blocks;
const lastStage = blocks.at(-1).outputStage;
const cells = blocks.map(({ index: block }) =>
  openTrained({ task: `train-b${block + 1}-c1`, block, cell: 0 }, { ...world, store: folder }),
);
const batches = {
  train: await readBatches('train', CALIBRATION_BATCHES),
  validation: await readBatches('validation', BATCHES),
};
const answers = batches.validation.map((images) =>
  tf.tidy(() => teacher.answer(teacher.features(images, [lastStage])[0], lastStage)),
);

const count = table.scores.rating.length;
const drawn = randomStream(0).fork('assembled').permutation(count).slice(0, Number(options.networks)).sort();
const began = performance.now();
const rating = Float64Array.from(drawn, (row, index) => {
  const value = rate(world.space.parseArchitecture(table.architectures[row]));
  if (index % 20 === 19) {
    const seconds = (performance.now() - began) / 1000;
    console.error(`${index + 1} of ${drawn.length} networks, ${seconds.toFixed(0)} s`);
  }
  return value;
});
const pick = (values) => Float64Array.from(drawn, (row) => values[row]);
const { scores } = table;
const assembled = {
  rating,
  accuracy: pick(scores.accuracy),
  seeds: scores.seeds.map(pick),
  costs: Object.fromEntries(Object.entries(scores.costs).map(([name, values]) => [name, pick(values)])),
};
const architectures = Array.from(drawn, (row) => table.architectures[row]);
if (options.out)
  writeFileSync(
    options.out,
    formatScores({ scores: assembled, architectures, repeated: 0, unused: [] }, ['assembled as trained']),
  );
const tau = (values) => kendallTau(rankValues(values.map((value) => -value)), rankValues(assembled.accuracy));
console.log(
  `${drawn.length} networks: tau ${tau(rating).toFixed(3)} assembled, ${tau(pick(scores.rating)).toFixed(3)} by the sum of ratings`,
);
process.exit(0);

async function readBatches(split, batches) {
  const { height, width, channels } = world.data.image;
  const order = new BatchOrder(randomStream(0).fork('assembled', split), world.data.size[split], BATCH);
  const all = [];
  for (let index = 0; index < batches; index++) {
    const { images, labels } = await world.dataset.read(split, order.indices(index));
    all.push(tf.tensor4d(images, [labels.length, height, width, channels]));
  }
  return all;
}

/** Mean divergence of the network's answer from the teacher's, in nats. */
function rate(architecture) {
  calibrate(architecture);
  const divergences = batches.validation.map((images, index) =>
    tf.tidy(() => {
      const map = forward(architecture, images, EVALUATE);
      return answerDivergence(teacher.answer(map, lastStage), answers[index], 1).dataSync()[0];
    }),
  );
  return divergences.reduce((sum, value) => sum + value, 0) / divergences.length;
}

/** The statistics of all norms, each the mean over the batches, those of a block behind the blocks before as they are. */
function calibrate(architecture) {
  const buffers = architecture.flatMap(({ path }, block) =>
    [...cells[block].pathTensors(path).values()].filter(({ role }) => role === 'buffer'),
  );
  const statistics = new KeptStatistics();
  for (const images of batches.train) {
    tf.tidy(() => void forward(architecture, images, CALIBRATE));
    statistics.add(buffers);
  }
  statistics.restore(buffers);
  statistics.dispose();
}

function forward(architecture, images, context) {
  return architecture.reduce((map, { path }, block) => cells[block].forward(map, path, context), images);
}
