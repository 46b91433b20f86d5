/*
 * paper-b7, whose found network is retrained at EfficientNet-B7's multipliers, width 2.0 and depth 3.1:
 *
 *     npx dna run --preset paper-b7-scaled --set data.path=/data/imagenet
 *     npx dna retrain --preset paper-b7-scaled --set data.path=/data/imagenet --architecture dna-c
 *
 * Expected (the paper): top-1 79.9 % of DNA-c scaled, which has 64,895,312 parameters and a head of 2560 channels; the
 * second command trains it without a search. Hardware: one GPU with 80 GB, for weeks, as one network is trained on one
 * device. Hours, at 2.5·10¹² multiply-adds a second (a forecast, not measured; `npx dna plan` measures yours):
 * distillation 27, retraining 1,100.
 */
import type { Config } from 'dna-nas/configuration';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b7, and what it finds is retrained at EfficientNet-B7’s width and depth.';

/** paper-b7, whose found network is retrained at EfficientNet-B7's multipliers: width 2.0, depth 3.1. */
export default function paperB7Scaled(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b7.aa_in1k', scale: { width: 2, depth: 3.1 } });
}
