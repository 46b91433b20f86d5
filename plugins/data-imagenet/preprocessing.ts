import type { DataPreprocessing } from 'dna-nas/core/contracts';
import type { DataImagenetOptions } from './options.js';

/** How an image that is not augmented is made ready. */
export function preprocessing({ mean, std, evaluation }: DataImagenetOptions): DataPreprocessing {
  return { mean, std, ...evaluation };
}
