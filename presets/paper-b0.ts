import type { UserConfig } from 'dna-nas/core';
import { paperSearch } from './paper/search.js';

export const description = 'The paper’s search on ImageNet with EfficientNet-B0 as the teacher, 16 cells.';

/** DNA on ImageNet with EfficientNet-B0 as the teacher; `paper/search.ts` holds every setting. */
export default function paperB0(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k' });
}
