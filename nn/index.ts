export * from './augment/index.js';
export * from './kernels.js';
export * from './module.js';
export * from './ops/index.js';
export * as tf from './tensor.js';
