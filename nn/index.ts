export * from './augment/index.js';
export * from './distill/index.js';
export { requireExactProduct } from './exact-product.js';
export * from './features/index.js';
export * from './kernel-attributes.js';
export { requireKernels } from './kernel-trial/index.js';
export * from './kernels.js';
export * from './layers/index.js';
export * from './module.js';
export * from './networks/index.js';
export * from './ops/index.js';
export * from './optimisers/index.js';
export {
  type Computation,
  drawn,
  isRepeatable,
  type Program,
  type Recorded,
  record,
  repeatable,
} from './recording/index.js';
export type { Schedule } from './schedules/index.js';
export * as schedules from './schedules/index.js';
export * from './space/index.js';
export * from './teacher/index.js';
export * as tf from './tensor.js';
export * from './training/index.js';
export * from './weights/index.js';
