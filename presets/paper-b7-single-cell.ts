import type { UserConfig } from 'dna-nas/core';
import { SINGLE_CELL } from './paper/cells.js';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b7 with one cell a block.';

/** paper-b7 with one cell a block. */
export default function paperB7SingleCell(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b7.aa_in1k', blocks: SINGLE_CELL });
}
