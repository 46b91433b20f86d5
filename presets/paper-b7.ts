/*
 * The paper's search on ImageNet with EfficientNet-B7 as the teacher, which found DNA-a to DNA-d:
 *
 *     npx dna run --preset paper-b7 --set data.path=/data/imagenet
 *
 * Expected (the paper): at most 5,288,548 parameters, top-1 77.8 % and top-5 93.7 % (DNA-c). With other limits, as
 * `--set search.limits.params=4.3e6`, 77.1 % (DNA-a, 4.2 M) and 77.5 % (b, 4.9 M); 78.4 % at 6.4 M (d). Hardware: one GPU
 * with 80 GB; the paper had eight for three days. Hours, at 2.5·10¹² multiply-adds a second (a forecast, not measured;
 * `npx dna plan` measures yours): distillation 27, rating below 1, search seconds, retraining 90. Retraining reads 664
 * million images; at 6.3 milliseconds of a core each, as measured on one server, 16 cores need 73 hours for them.
 */
import type { Config } from 'dna-nas/configuration';
import { paperSearch } from './paper/search.js';

export const description =
  'The paper’s search on ImageNet with EfficientNet-B7 as the teacher, 16 cells: DNA-a to d.';

/** DNA on ImageNet with EfficientNet-B7 as the teacher; `paper/search.ts` holds every setting. */
export default function paperB7(): Config {
  return paperSearch({ teacher: 'tf_efficientnet_b7.aa_in1k' });
}
