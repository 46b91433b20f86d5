import type { UserConfig } from 'dna-nas/core';
import { paperSearch } from './paper/search.js';

export const description =
  'The paper’s search on ImageNet with EfficientNet-B7 as the teacher, 16 cells: DNA-a to d.';

/** DNA on ImageNet with EfficientNet-B7 as the teacher; `paper/search.ts` holds every setting. */
export default function paperB7(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b7.aa_in1k' });
}
