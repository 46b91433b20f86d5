import type { UserConfig } from 'dna-nas/core';
import { paperSearch } from './paper/search.js';

export const description =
  'paper-b0 with the progressive strategy S1: all blocks so far are trained from scratch.';

/** paper-b0, distilled by the strategy S1. */
export default function ablationS1(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', strategy: 'progressive-s1' });
}
