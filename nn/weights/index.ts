export { foldBatchNorms } from './fold-batch-norms.js';
export { loadRawState, rawState, stateUnder } from './raw-state.js';
export { readSafetensors, toStateDict, writeSafetensors } from './safetensors.js';
export type { SafetensorsDtype, SafetensorsFile, SafetensorsTensor } from './safetensors-types.js';
export {
  fileShape,
  type LoadOptions,
  type LoadResult,
  loadStateDict,
  type StateDict,
  type StateEntry,
  stateDict,
} from './state-dict.js';
