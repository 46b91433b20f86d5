import type { UserConfig } from 'dna-nas/core';
import { paperSearch } from './paper/search.js';

export const description = 'paper-b7, and what it finds is retrained at EfficientNet-B7’s width and depth.';

/** paper-b7, whose found network is retrained at EfficientNet-B7's multipliers: width 2.0, depth 3.1. */
export default function paperB7Scaled(): UserConfig {
  return paperSearch({ teacher: 'tf_efficientnet_b7.aa_in1k', scale: { width: 2, depth: 3.1 } });
}
