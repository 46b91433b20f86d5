import type { UserConfig } from 'dna-nas/core';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b0 with the progressive strategy S2: blocks trained before are frozen.';

/** paper-b0, distilled by the strategy S2. */
export default function ablationS2(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', strategy: 'progressive-s2' });
}
