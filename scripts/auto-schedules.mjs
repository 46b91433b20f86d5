// What the preset `auto` makes of a set of images, against schedules that a person would try: one network, trained by
// each, on the same subset of CIFAR-10 (`dna data get cifar10` first), and measured on all test images.
//
//     node scripts/auto-schedules.mjs 3000 [schedule ...]
//
// In a folder that holds the data; runs that are complete are not repeated. The last lines are a table in Markdown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pairedInterval, readBits, wilsonInterval } from 'dna-nas/accuracy';
import { run } from 'dna-nas/configuration';
import { readSafetensors } from 'dna-nas/files';

const CLASSES = 10;
const TEST_IMAGES = 10_000;
/** A small one of its space, so that each training is minutes of one core. */
const NETWORK = [
  'ir_r1_k3_s2_e3_c16_se0.25 ir_r1_k3_s1_e3_c16_se0.25',
  'ir_r1_k3_s1_e3_c32_se0.25 ir_r1_k3_s1_e3_c32_se0.25',
  'ir_r1_k3_s2_e3_c56_se0.25 ir_r1_k3_s1_e3_c56_se0.25',
].join(' | ');

/** A cosine by stochastic gradient descent, as `auto` has, and what else is common; in epochs, as people state them. */
const SGD = (epochs, batch, rate, more = {}) => ({
  epochs,
  batch,
  learningRate: { use: 'cosine', rate, warmUpEpochs: 0 },
  ...more,
});
const SCHEDULES = {
  auto: {},
  'SGD 0.1, batch 64, 20 epochs': SGD(20, 64, 0.1),
  'SGD 0.1, batch 64, 45 epochs': SGD(45, 64, 0.1),
  'SGD 0.05, batch 32, 20 epochs': SGD(20, 32, 0.05),
  'SGD 0.1, batch 128, 60 epochs, decay 5e-4': SGD(60, 128, 0.1, {
    optimiser: { use: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
  }),
  'Adam 0.002, batch 64, 45 epochs': SGD(45, 64, 0.002, { optimiser: { use: 'adam', weightDecay: 1e-4 } }),
  'SGD 0.1, batch 64, 45 epochs, a tenth every 15': {
    epochs: 45,
    batch: 64,
    learningRate: { use: 'step', rate: 0.1, factor: 0.1, every: 15, warmUpEpochs: 0 },
  },
};

const [images, ...wanted] = process.argv.slice(2);
const each = Number(images) / CLASSES;
if (!Number.isInteger(each) || each < 10) {
  process.stderr.write(
    'auto-schedules: how many images? A multiple of 10: node scripts/auto-schedules.mjs 3000\n',
  );
  process.exit(2);
}
const heldOut = Math.max(1, Math.round(each / 10));
const data = {
  use: 'cifar10',
  heldOutPerClass: heldOut,
  trainLimit: CLASSES * (each - heldOut),
  augment: { flip: 0.5, shift: 4 },
};

const numbers = Object.keys(SCHEDULES)
  .map((_, index) => index)
  .filter((index) => wanted.length === 0 || wanted.includes(String(index)));
const found = [];
for (const number of numbers) found.push(await train(number));
const best = found.reduce((one, other) => (other.top1 > one.top1 ? other : one));
const rows = found.map(({ name, top1, right }) => [
  ...[
    name,
    percent(top1),
    wilsonInterval(Math.round(top1 * TEST_IMAGES), TEST_IMAGES)
      .map(percent)
      .join(' to '),
  ],
  differenceText(right, best.right),
]);
const head = ['schedule', 'top-1', '95 % interval', 'to the best, 95 % interval'];
for (const row of [head, head.map(() => '---'), ...rows]) process.stdout.write(`| ${row.join(' | ')} |\n`);

/** One training. */
async function train(number) {
  const [name, retrain] = Object.entries(SCHEDULES)[number];
  const config = {
    ...{ extends: 'auto', name: `auto-${images}-${number}`, reports: ['json'] },
    ...{ architecture: NETWORK, data, retrain },
  };
  await run({ project: process.cwd(), configFile: false, config });
  const file = readSafetensors(
    readFileSync(join('runs', config.name, 'results', 'retrain-given.safetensors')),
  );
  const { top1, right } = JSON.parse(file.metadata.get('json'));
  process.stderr.write(`${name}: ${percent(top1)}\n`);
  return { name, top1, right: readBits(right, TEST_IMAGES) };
}

function differenceText(one, best) {
  if (one === best) return '–';
  const count = (is) => [...one.keys()].filter(is).length;
  const first = count((image) => one[image] && !best[image]);
  const second = count((image) => !one[image] && best[image]);
  const interval = pairedInterval({ first, second, images: TEST_IMAGES });
  const signed = (share) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
  return `${signed((first - second) / TEST_IMAGES)} (${interval.map(signed).join(' to ')})`;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
