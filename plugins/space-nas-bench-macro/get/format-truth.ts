import { parseDigits } from '../digits.js';
import { depth } from '../equal-networks.js';
import type { BenchmarkRow } from './parse-benchmark.js';

/** Where the figures are from, and what they are. */
const ABOUT = [
  'NAS-Bench-Macro: 6561 networks on CIFAR-10, each trained alone by 3 seeds',
  'source: github.com/xiusu/NAS-Bench-Macro, commit 61a2bfc, data/nas-bench-macro_cifar10.json; Apache License 2.0',
  'paper: Su et al., Prioritized Architecture Sampling with Monto-Carlo Tree Search, CVPR 2021, arXiv 2103.11922',
  'changed: percent became shares, the mean is computed anew, depth was added',
  'accuracy: the best on the 10000 test images over 50 epochs, so optimistic for every network',
  'recipe: SGD 0.1, momentum 0.9, weight decay 5e-4, batch 256, 50 epochs cosine, crop with padding 4, flip, all 50000 training images',
];

/** The rows as `dna truth` writes its own: comments, then a row a network. */
export function formatTruth(rows: readonly BenchmarkRow[]): string {
  const seeds = rows[0]?.accuracies.map((_, index) => `accuracy_${index + 1}`) ?? [];
  const header = ['architecture', 'accuracy', 'macs', 'params', 'depth', ...seeds];
  const lines = rows.map(({ architecture, accuracies, macs, params }) => {
    const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
    return [architecture, mean.toFixed(6), macs, params, depth(parseDigits(architecture)), ...accuracies];
  });
  return [...ABOUT.map((line) => `# ${line}`), ...[header, ...lines].map((cells) => cells.join(','))]
    .map((line) => `${line}\n`)
    .join('');
}
