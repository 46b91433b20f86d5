/** State dicts, PyTorch files, and batch norms folded into convolutions. */
export { type DecodedWeights, decodeWeights } from './decode-weights.js';
export { timmNames } from './efficientnet-names.js';
export { foldBatchNorms } from './fold-batch-norms.js';
export { withOwnClassifier } from './own-classifier.js';
export { permute } from './permute.js';
export * from './pytorch/index.js';
export { loadRawState, rawState, stateUnder } from './raw-state.js';
export {
  fileShape,
  type LoadOptions,
  type LoadResult,
  loadStateDict,
  type StateEntry,
  stateDict,
} from './state-dict.js';
