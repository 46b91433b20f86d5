export { type ExportedModel, exportOnnx, type OnnxRequest } from './export-onnx.js';
export {
  type ExportedProgram,
  exportSafetensors,
  networkToPytorch,
  type PytorchOptions,
  type SafetensorsRequest,
} from './export-safetensors.js';
export { MAPPED_KERNELS } from './kernels/index.js';
export { networkToOnnx, type OnnxOptions } from './network-to-onnx.js';
export { OPSETS } from './onnx/opsets.js';
export type { NetworkFacts } from './source/facts.js';
export type { TrainedRequest } from './source/open-trained.js';
