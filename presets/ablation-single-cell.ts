/*
 * paper-b0 with one cell a block, of 2, 4, 4, 4, 4 and 1 layers:
 *
 *     npx dna run --preset ablation-single-cell --set data.path=/data/imagenet
 *
 * Expected (the paper): less accurate than what paper-b0 finds; the paper tells no more. Hardware: one GPU with 80 GB.
 * Hours, at 2.5·10¹² multiply-adds a second (a forecast, not measured; `npx dna plan` measures yours): distillation 4,
 * rating below 1, search seconds, retraining 90.
 */
import type { Config } from 'dna-nas/configuration';
import { SINGLE_CELL } from './paper/cells.js';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b0 with one cell a block.';

/** paper-b0 with one cell a block. */
export default function ablationSingleCell(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', blocks: SINGLE_CELL });
}
