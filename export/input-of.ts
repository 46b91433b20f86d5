import { noNormalisation } from './errors.js';
import type { NetworkFacts } from './source/facts.js';
import type { OpenedNetwork } from './source/open-trained.js';
import type { TraceOptions } from './tracing/trace-network.js';

/** @throws DnaError `EXPORT_NORMALISATION` where the data do not tell */
export function normalisationOf({ facts: { mean, std } }: OpenedNetwork): TraceOptions['normalisation'] {
  if (!mean || !std) throw noNormalisation();
  return { mean, std };
}

/** What is to be put in. */
export function inputOf({ facts: { mean } }: OpenedNetwork, preprocess: boolean): NetworkFacts['input'] {
  if (preprocess) return 'pixels from 0 to 255';
  return mean ? '(pixels / 255 - mean) / std' : 'normalised as in its training';
}
