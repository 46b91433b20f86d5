import type { DataPreprocessing } from 'dna-nas/core';
import type { DataImagenetOptions } from './options.js';

/** How an image that is not augmented is made ready. */
export function preprocessing({ mean, std, evaluation }: DataImagenetOptions): DataPreprocessing {
  return { mean, std, ...evaluation };
}
