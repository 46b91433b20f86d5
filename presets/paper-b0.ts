/*
 * The paper's search on ImageNet with EfficientNet-B0 as the teacher:
 *
 *     npx dna run --preset paper-b0 --set data.path=/data/imagenet
 *
 * Expected (the paper): a network of at most 5,288,548 parameters whose top-1 is 1.5 above that of its teacher, which
 * has as many. Hardware: one GPU with 80 GB. Hours, at 2.5·10¹² multiply-adds a second
 * (a forecast, not measured; `npx dna plan` measures yours): distillation 9, rating below 1, search seconds, retraining 90,
 * whose images take 16 cores 73 hours to read (at 6.3 milliseconds of a core each, as measured on one server).
 * Minutes instead, on any machine: `npx dna run --preset paper-b0 --smoke`.
 */
import type { Config } from 'dna-nas/configuration';
import { paperSearch } from './paper/search.js';

export const description = 'The paper’s search on ImageNet with EfficientNet-B0 as the teacher, 16 cells.';

/** DNA on ImageNet with EfficientNet-B0 as the teacher; `paper/search.ts` holds every setting. */
export default function paperB0(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k' });
}
