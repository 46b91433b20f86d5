export { readSafetensors, toStateDict, writeSafetensors } from './safetensors.js';
export type {
  SafetensorsDtype,
  SafetensorsFile,
  SafetensorsTensor,
  TensorValue,
} from './safetensors-types.js';
