/*
 * paper-b0 with the strategy S2: stage n trains block n behind the student's own blocks before it, which are frozen.
 *
 *     npx dna run --preset ablation-s2 --set data.path=/data/imagenet
 *
 * Expected (the paper): top-1 0.2 below what the paper's own strategy finds. Hardware: one GPU with 80 GB. Hours, at
 * 2.5·10¹² multiply-adds a second (a forecast, not measured; `npx dna plan` measures yours): distillation up to 32,
 * rating below 1, search seconds, retraining 90.
 */
import type { Config } from 'dna-nas/configuration';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b0 with the progressive strategy S2: blocks trained before are frozen.';

/** paper-b0, distilled by the strategy S2. */
export default function ablationS2(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', strategy: 'progressive-s2' });
}
