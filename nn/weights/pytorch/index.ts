export type { TorchDtype, TorchValues } from './dtypes.js';
export { type TorchFormat, torchFormat } from './torch-file.js';
export {
  readTorchState,
  type TorchState,
  type TorchTensor,
  torchStateDict,
} from './torch-state.js';
