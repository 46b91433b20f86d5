/*
 * paper-b0 with the strategy S1: stage n trains the student's blocks 1 to n from scratch to match the teacher's block n.
 *
 *     npx dna run --preset ablation-s1 --set data.path=/data/imagenet
 *
 * Expected (the paper): top-1 0.3 below what the paper's own strategy finds. Hardware: one GPU with 80 GB. Hours, at
 * 2.5·10¹² multiply-adds a second (a forecast, not measured; `npx dna plan` measures yours): distillation 32, rating below 1,
 * search seconds, retraining 90.
 */
import type { Config } from 'dna-nas/configuration';
import { paperSearch } from './paper/search.js';

export const description =
  'paper-b0 with the progressive strategy S1: all blocks so far are trained from scratch.';

/** paper-b0, distilled by the strategy S1. */
export default function ablationS1(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', strategy: 'progressive-s1' });
}
