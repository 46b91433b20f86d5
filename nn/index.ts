/** Tensors, modules of them, and computations that a backend may record and repeat. What is built of them has entries beside this one. */
export {
  CALIBRATE,
  childContext,
  EVALUATE,
  type Initialiser,
  Module,
  ModuleTensor,
  type TensorRole,
  type Trace,
} from './module.js';
export {
  type Computation,
  drawn,
  isRepeatable,
  type Program,
  type Recorded,
  record,
  repeatable,
} from './recording/index.js';
export * as tf from './tensor.js';
