/** Trained networks for other programs: ONNX, PyTorch, safetensors, and predictions by them. */
export { damagedImages } from './errors.js';
export {
  type ExportRequest,
  exportNetwork,
  unknownFormat,
  type WrittenFile,
  type WrittenNetwork,
} from './export-network.js';
export { type ExportedModel, exportOnnx, type OnnxRequest } from './export-onnx.js';
export { exportQuantized, type QuantizedModel } from './export-quantized.js';
export {
  type ExportedProgram,
  exportSafetensors,
  networkToPytorch,
  type PytorchOptions,
  type SafetensorsRequest,
} from './export-safetensors.js';
export { type ExportedGraphModel, exportTfjs, type TfjsRequest } from './export-tfjs.js';
export { networkToTimm } from './export-timm.js';
export { type EightBits, FORMATS, type Format, type FormatName } from './formats.js';
export { MAPPED_KERNELS } from './kernels/index.js';
export { networkToOnnx, type OnnxOptions } from './network-to-onnx.js';
export { networkToTfjs, type TfjsOptions } from './network-to-tfjs.js';
export { OPSETS } from './onnx/opsets.js';
export { type LoadedRuntime, loadOnnxRuntime } from './predict/onnxruntime.js';
export type { ClassifierRequest } from './predict/open-classifier.js';
export {
  type LikelyClass,
  type PredictedImage,
  type Predictions,
  type PredictRequest,
  predictImages,
} from './predict/predict-images.js';
export type { NetworkFacts } from './source/facts.js';
export type { TrainedRequest, WeightsKind } from './source/open-trained.js';
export type { GraphModelFiles } from './tfjs/encode-graph-model.js';
