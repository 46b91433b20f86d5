/** Images in memory that threads share, cut into splits, and data sets of them. */
export { dataDownloadFailed, dataMismatch, dataUnlabelled } from './errors.js';
export { openImages } from './image-dataset.js';
export {
  type ImageMemory,
  measureChannels,
  type Normalisation,
  sharedBytes,
  sharedNumbers,
} from './image-memory.js';
export {
  type BalancedSets,
  createSplitMemory,
  type DataNaming,
  type LabelledImages,
  type LabelledSets,
  outlineSplits,
} from './split-memory.js';
export { SPLIT_SCHEMA, type SplitOptions } from './split-options.js';
