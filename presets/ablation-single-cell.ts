import type { UserConfig } from 'dna-nas/core';
import { SINGLE_CELL } from './paper/cells.js';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b0 with one cell a block.';

/** paper-b0 with one cell a block. */
export default function ablationSingleCell(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b0.aa_in1k', blocks: SINGLE_CELL });
}
